//! `scimsnap explain`: what a requirement asks for, why, and who says so.

use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::requirement::catalogue;
use crate::suggest::nearest;

use crate::cli::args::ExplainArgs;
use crate::cli::{fail, say};

/// Explains.
pub fn run(args: &ExplainArgs) -> Exit {
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
    let Some(requirement) = all.iter().find(|requirement| requirement.id == *id) else {
        let near = nearest(id, all.iter().map(|requirement| requirement.id));
        let help = near.map_or_else(
            || "`scimsnap explain` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
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
