//! `scimsnap export`: writes bundled scenarios and their snapshots to files that can be edited.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::counted::counted;
use crate::exit::Exit;
use crate::files::{input, output};
use crate::printable;
use crate::scenario::catalogue::{bundled, is_or_begins};
use crate::scenario::json_schema;
use crate::snapshot::store::bundled as snapshots;

use crate::cli::did_you_mean::nearest_or;
use crate::cli::output::{fail, say};
use crate::cli::selection::IdsArgs;

/// The arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which scenarios.
    #[command(flatten)]
    pub selection: IdsArgs,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}

/// Exports the selection. If a file exists with different content, nothing is written at all.
pub fn run(args: &Args, context: &Context) -> Exit {
    let files = match files(&args.selection) {
        Ok(files) => files,
        Err(exit) => return exit,
    };
    let folder = context.cwd.join(&args.to);
    let mut fresh: Vec<(&String, &String)> = Vec::new();
    for (path, text) in &files {
        match input::text(&folder.join(path), text.len() as u64) {
            Ok(there) if there == *text => {}
            Err(error) if error.kind() == ErrorKind::NotFound => fresh.push((path, text)),
            Ok(_) | Err(_) => {
                let error =
                    format!("`{}` already exists with different content", args.to.join(path).display());
                return fail(Exit::Usage, &error, Some("nothing was written; choose an empty folder"));
            }
        }
    }
    for (path, text) in fresh {
        if let Err(error) = write(&folder.join(path), text) {
            let error = format!("cannot write `{}` ({error})", args.to.join(path).display());
            return fail(Exit::Usage, &error, None);
        }
    }
    let scenarios = files.keys().filter(|path| path.starts_with("scenarios/")).count();
    say(&printable!(
        "wrote {} to `{}`; `scimsnap run scenarios` in that folder plays them\n",
        counted(scenarios, "scenario"),
        args.to.display()
    ));
    Exit::Success
}

/// The files by path: scenarios, their snapshots, and the schema that editors complete by.
fn files(selection: &IdsArgs) -> Result<BTreeMap<String, String>, Exit> {
    let all: Vec<_> = bundled().into_iter().map(|entry| (entry.id(), entry)).collect();
    for word in &selection.selection {
        if !all.iter().any(|(id, _)| is_or_begins(id, word)) {
            let ids = all.iter().map(|(id, _)| id.as_str());
            let help = nearest_or(word, ids, "`scimsnap list` lists the scenarios");
            return Err(fail(Exit::Nothing, &format!("there is no bundled scenario `{word}`"), Some(&help)));
        }
    }
    let mut files = BTreeMap::from([("scenario.schema.json".to_owned(), json_schema())]);
    for (id, entry) in all.iter().filter(|(id, _)| selection.has(id)) {
        let source = entry.source().map_err(|error| fail(Exit::Invalid, &error, None))?;
        files.insert(source.path.to_string(), source.text.to_string());
        for (path, text) in snapshots(id) {
            files.insert(format!("snapshots/{path}"), text);
        }
    }
    Ok(files)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    output::create(path, text)
}
