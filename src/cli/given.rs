//! The flags that somebody gave, as `clap` took them: what is played again is played with all of them. A new flag joins by
//! itself, unless its heading says that it is about the selection or the reports.

use std::collections::BTreeSet;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command};

use crate::foreign::{Printable, shell};

/// The heading of flags that choose scenarios and clients, in place of which others are named.
pub const SELECTION: &str = "Selection";

/// The heading of flags that say where and how something is reported.
pub const REPORTS: &str = "Reports";

/// A command of these arguments, as `clap` builds it.
pub fn command<A: Args>(name: &'static str) -> Command {
    let mut command = A::augment_args(Command::new(name));
    command.build();
    command
}

/// Flags of a command line, in the order in which the command declares them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    flags: Vec<Flag>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Flag {
    id: String,
    /// Each a word of its own, the flag among them.
    words: Vec<String>,
}

impl Given {
    /// The flags that shape what a command does.
    pub fn of(matches: &ArgMatches, command: &Command) -> Self {
        let shapes =
            |arg: &&Arg| !arg.is_positional() && !matches!(arg.get_help_heading(), Some(SELECTION | REPORTS));
        Self { flags: command.get_arguments().filter(shapes).filter_map(|arg| given(arg, matches)).collect() }
    }

    /// All flags, those of the selection and the reports among them.
    pub fn all(matches: &ArgMatches, command: &Command) -> Self {
        let flags = command.get_arguments().filter(|arg| !arg.is_positional());
        Self { flags: flags.filter_map(|arg| given(arg, matches)).collect() }
    }

    /// Those of these names.
    #[must_use]
    pub fn only(&self, ids: &[&str]) -> Self {
        self.filtered(|flag| ids.contains(&flag.id.as_str()))
    }

    /// Those that another command has as well.
    #[must_use]
    pub fn known_to(&self, command: &Command) -> Self {
        let known: BTreeSet<&str> = command.get_arguments().map(|arg| arg.get_id().as_str()).collect();
        self.filtered(|flag| known.contains(flag.id.as_str()))
    }

    /// Those that stand beside what is given anew: neither the same nor in conflict with it.
    #[must_use]
    pub fn beside(&self, anew: &ArgMatches, command: &Command) -> Self {
        let mut replaced: BTreeSet<&str> = BTreeSet::new();
        let is_given =
            |arg: &&Arg| anew.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        for arg in command.get_arguments().filter(is_given) {
            replaced.insert(arg.get_id().as_str());
            replaced.extend(command.get_arg_conflicts_with(arg).into_iter().map(|arg| arg.get_id().as_str()));
            for other in command.get_arguments() {
                if command.get_arg_conflicts_with(other).iter().any(|one| one.get_id() == arg.get_id()) {
                    replaced.insert(other.get_id().as_str());
                }
            }
        }
        self.filtered(|flag| !replaced.contains(flag.id.as_str()))
    }

    /// The same without some flags.
    #[must_use]
    pub fn without(&self, ids: &[&str]) -> Self {
        self.filtered(|flag| !ids.contains(&flag.id.as_str()))
    }

    /// The same with another value for a flag.
    #[must_use]
    pub fn with(&self, id: &str, long: &str, value: &str) -> Self {
        let mut flags = self.without(&[id]).flags;
        flags.insert(0, Flag { id: id.to_owned(), words: vec![format!("--{long}"), value.to_owned()] });
        Self { flags }
    }

    fn filtered(&self, mut keep: impl FnMut(&Flag) -> bool) -> Self {
        Self { flags: self.flags.iter().filter(|flag| keep(flag)).cloned().collect() }
    }

    /// All words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.flags.iter().flat_map(|flag| &flag.words).map(String::as_str)
    }

    /// The flags for a shell, each with a space before it.
    pub fn for_shell(&self) -> Printable {
        let mut line = Printable::default();
        for word in self.words() {
            line += Printable::ours(" ") + shell::word(word);
        }
        line
    }

    /// The flags by the names and words that [`Self::named`] gave.
    pub fn from_named(flags: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        Self { flags: flags.into_iter().map(|(id, words)| Flag { id, words }).collect() }
    }

    /// The name of each flag with its words.
    pub fn named(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.flags.iter().map(|flag| (flag.id.as_str(), flag.words.as_slice()))
    }
}

/// The words that give a flag again, where it was given.
fn given(arg: &Arg, matches: &ArgMatches) -> Option<Flag> {
    let id = arg.get_id().as_str();
    if matches.value_source(id) != Some(ValueSource::CommandLine) {
        return None;
    }
    let long = format!("--{}", arg.get_long()?);
    let words = match arg.get_action() {
        ArgAction::Count => vec![long; usize::from(matches.get_count(id))],
        action if !action.takes_values() => vec![long],
        _ => matches
            .get_raw(id)?
            .map(|value| value.to_string_lossy().into_owned())
            .flat_map(|value| {
                // What begins with a hyphen would be a flag of its own.
                if arg.is_require_equals_set() || value.starts_with('-') || value.is_empty() {
                    vec![format!("{long}={value}")]
                } else {
                    vec![long.clone(), value]
                }
            })
            .collect(),
    };
    Some(Flag { id: id.to_owned(), words })
}
