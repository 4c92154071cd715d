//! `scimsnap export`: bundled scenarios with their snapshots as files, to be edited.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use crate::context::Context;
use crate::exit::Exit;
use crate::files::{input, output};
use crate::printable;
use crate::scenario::catalogue::{bundled, is_or_begins};
use crate::scenario::json_schema;
use crate::snapshot::store::bundled as snapshots;
use crate::suggest::nearest;

use crate::cli::args::ExportArgs;
use crate::cli::{fail, say};

/// Exports. A file that is there and says something else stays, and nothing is written at all.
pub fn run(args: &ExportArgs, context: &Context) -> Exit {
    let files = match files(&args.selection.selection) {
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
                    format!("`{}` is there already and says something else", args.to.join(path).display());
                return fail(Exit::Usage, &error, Some("nothing was written; export to an empty folder"));
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
        "{} scenarios in `{}`; `scimsnap run scenarios` there plays them\n",
        scenarios,
        args.to.display()
    ));
    Exit::Success
}

/// The files by path: scenarios, their snapshots, and the schema that editors complete by.
fn files(selection: &[String]) -> Result<BTreeMap<String, String>, Exit> {
    let all: Vec<_> = bundled().into_iter().map(|entry| (entry.id(), entry)).collect();
    for word in selection {
        if !all.iter().any(|(id, _)| is_or_begins(id, word)) {
            let near = nearest(word, all.iter().map(|(id, _)| id.as_str()));
            let help = near.map_or_else(
                || "`scimsnap list` shows what there is".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(fail(Exit::Nothing, &format!("no bundled scenario is called `{word}`"), Some(&help)));
        }
    }
    let mut files = BTreeMap::from([("scenario.schema.json".to_owned(), json_schema())]);
    let is_selected = |id: &str| selection.is_empty() || selection.iter().any(|word| is_or_begins(id, word));
    for (id, entry) in all.iter().filter(|(id, _)| is_selected(id)) {
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
