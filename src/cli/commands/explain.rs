//! `scimsnap explain`: explains a requirement: its text, the reason and the source.

use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::requirement::catalogue;

use crate::cli::did_you_mean::nearest_or;
use crate::cli::output::{fail, say};

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Id of the requirement, or of a cause that breaks it [default: list all requirements]
    #[arg(value_name = "ID")]
    pub id: Option<String>,
}

/// Explains.
pub fn run(args: &Args) -> Exit {
    let all = catalogue();
    let mut text = Printable::default();
    let Some(id) = &args.id else {
        for requirement in all {
            let level = requirement.level.as_str();
            text += printable!("{:<28} {:<6}  {}\n", requirement.id, level, requirement.text);
        }
        say(&text);
        return Exit::Success;
    };
    // The id of a cause begins with that of its requirement.
    let wanted = id.split('/').next().unwrap_or_default();
    let Some(requirement) = all.iter().find(|requirement| requirement.id == wanted) else {
        let ids = all.iter().map(|requirement| requirement.id);
        let help = nearest_or(wanted, ids, "`scimsnap explain` lists them");
        return fail(Exit::Usage, &format!("there is no requirement `{id}`"), Some(&help));
    };
    let concerns: Vec<&str> = requirement.concerns.iter().map(|concern| concern.as_str()).collect();
    let level = requirement.level.as_str();
    text += printable!("{} ({}: {})\n", requirement.id, level, concerns.join(", "));
    text += printable!("\n  {}\n\n  why     {}\n", requirement.text, requirement.reasoning);
    text += printable!("  source  {}\n", requirement.source);
    say(&text);
    Exit::Success
}
