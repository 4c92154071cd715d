//! `scimsnap explain`: what a requirement asks for, why, and who says so.

use std::fmt::Write as _;

use crate::exit::Exit;
use crate::requirement::catalogue;
use crate::scenario::nearest::nearest;

use super::args::ExplainArgs;
use super::{fail, say};

/// Explains.
pub fn run(args: &ExplainArgs) -> Exit {
    let all = catalogue();
    let mut text = String::new();
    let Some(id) = &args.id else {
        for requirement in all {
            let _ = writeln!(
                text,
                "{:<28} {:<6}  {}",
                requirement.id,
                requirement.level.as_str(),
                requirement.text
            );
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
    let _ = writeln!(text, "{} ({}: {})", requirement.id, requirement.level.as_str(), concerns.join(", "));
    let _ = writeln!(text, "\n  {}\n\n  why     {}", requirement.text, requirement.reasoning);
    let _ = writeln!(text, "  source  {}", requirement.source);
    say(&text);
    Exit::Success
}
