//! What the commands need that the reports suggest: the flags of the run, and how curl gets in.

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;

use super::args::Args;
use crate::cli::commands::{clean, snapshots};
use crate::cli::given::{Given, command};
use crate::foreign::{Printable, shell};
use crate::printable;
use crate::report::{Credentials, CurlAccess, Flags, SecretAt};
use crate::settings::{Access, Network, Place, TargetSettings};

/// What is suggested after a run with these flags.
pub(super) fn flags(given: &Given, args: &Args, settings: &TargetSettings) -> Flags {
    Flags {
        run: given.for_shell(),
        clean: given.known_to(&command::<clean::Args>("clean")).for_shell(),
        // The target of a review is the one of its snapshots, not of a run.
        review: given.known_to(&command::<snapshots::Args>("snapshots")).without(&["target"]).for_shell(),
        work: given.only(&["work_dir"]).for_shell(),
        given: given.named().map(|(name, words)| (name.to_owned(), words.to_vec())).collect(),
        remembered: Rc::new(Cell::new(false)),
        access: if args.target.target.is_some() { access(settings) } else { CurlAccess::default() },
        is_narrowed: !args.idp.is_empty() || args.rerun_failed,
        removes: !args.keep,
    }
}

/// How curl gets into a target.
fn access(settings: &TargetSettings) -> CurlAccess {
    let scim = match &settings.access {
        None => Credentials::Open,
        Some(Access::Token(place)) => Credentials::Bearer(secret(place)),
        Some(Access::Raw(place)) => Credentials::Raw(secret(place)),
        Some(Access::Basic { user, password }) => Credentials::Basic(user.clone(), secret(password)),
        Some(Access::Command(command)) => {
            Credentials::Bearer(SecretAt::command(&command.words, &command.folder.to_string_lossy()))
        }
        Some(Access::OAuth(_)) => Credentials::Bearer(SecretAt::elsewhere()),
    };
    let mut access = CurlAccess { scim, network: network(&settings.network), ..CurlAccess::default() };
    if let Some(rest) = &settings.rest {
        access.rest.clone_from(&rest.base);
        access.rest_user = Credentials::Basic(rest.user.clone(), secret(&rest.token));
    }
    access
}

fn secret(place: &Place) -> SecretAt {
    match place {
        Place::Env(name) => SecretAt::variable(name),
        Place::File(path) => SecretAt::file(&path.to_string_lossy()),
    }
}

/// The options of curl for certificates and proxies.
fn network(network: &Network) -> Printable {
    let mut options = Printable::default();
    let mut path = |option: &'static str, path: Option<&Path>| {
        if let Some(path) = path {
            options += printable!(" {} {}", option, shell::word(&path.to_string_lossy()));
        }
    };
    path("--cacert", network.ca_file.as_deref());
    path("--cert", network.client_cert_file.as_deref());
    path("--key", network.client_key_file.as_deref());
    if network.insecure {
        options += Printable::ours(" --insecure");
    }
    match network.proxy.as_deref() {
        None => {}
        Some("none") => options += Printable::ours(" --noproxy '*'"),
        Some(proxy) => options += printable!(" --proxy {}", shell::word(proxy)),
    }
    options
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgMatches, Command};

    use super::*;
    use crate::cli::given::{REPORTS, SELECTION};

    fn run() -> Command {
        command::<Args>("run")
    }

    fn parse(words: &[&str]) -> Result<ArgMatches, clap::Error> {
        run().try_get_matches_from([&["run"], words].concat())
    }

    /// What the flags of `run` need beside them.
    const BESIDE: &[&[&str]] = &[
        &[],
        &["--target", "http://a.example"],
        &["--target", "http://a.example", "--against", "http://b.example"],
        &["--rest", "http://a.example", "--rest-user", "u", "--rest-token-env", "T"],
        &["--rest-user", "u", "--rest-token-env", "T"],
        &["--rest", "http://a.example", "--rest-token-env", "T"],
        &["--rest", "http://a.example", "--rest-user", "u"],
    ];

    /// A command line that gives a flag, with a value that it takes.
    fn giving(arg: &Arg) -> Vec<String> {
        let long = format!("--{}", arg.get_long().unwrap());
        let values = if arg.get_action().takes_values() {
            ["1", "1/2", "-x y", "full", "no", "rfc", "http://b.example"]
                .map(|value| format!("{long}={value}"))
                .to_vec()
        } else {
            vec![long]
        };
        let lines = values.iter().flat_map(|flag| {
            BESIDE.iter().map(move |beside| {
                beside.iter().map(ToString::to_string).chain([flag.clone()]).collect::<Vec<String>>()
            })
        });
        let takes = |line: &Vec<String>| parse(&line.iter().map(String::as_str).collect::<Vec<_>>()).is_ok();
        lines.into_iter().find(takes).unwrap_or_else(|| panic!("add a value that `{arg}` takes"))
    }

    #[test]
    fn every_flag_that_shapes_a_run_is_given_again() {
        let command = run();
        let mut count = 0;
        for arg in command.get_arguments().filter(|arg| !arg.is_positional() && arg.get_id() != "help") {
            let line = giving(arg);
            let matches = parse(&line.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
            let given = Given::of(&matches, &command);
            let left_out = matches!(arg.get_help_heading(), Some(SELECTION | REPORTS));
            let long = format!("--{}", arg.get_long().unwrap());
            let is_there = given.words().any(|word| word == long || word.starts_with(&format!("{long}=")));
            assert_eq!(is_there, !left_out, "{arg}: {given:?}");
            // What is given again is taken as the same.
            let words: Vec<&str> = given.words().collect();
            assert_eq!(Given::of(&parse(&words).unwrap(), &command), given, "{arg}");
            count += 1;
        }
        assert!(count > 30, "{count}");
    }

    #[test]
    fn what_is_given_anew_replaces_what_was_and_what_it_conflicts_with() {
        let command = run();
        let then = parse(&["--target", "http://a.example", "--token-env", "A", "--strict", "--jobs", "2"]);
        let then = Given::of(&then.unwrap(), &command);
        let beside = |words: &[&str]| {
            let anew = parse(words).unwrap();
            then.beside(&anew, &command).words().map(str::to_owned).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(beside(&[]), "--target http://a.example --token-env A --jobs 2 --strict");
        assert_eq!(beside(&["--jobs", "3"]), "--target http://a.example --token-env A --strict");
        assert_eq!(beside(&["--token-file", "t"]), "--target http://a.example --jobs 2 --strict");
        assert_eq!(beside(&["--profile", "rfc"]), "--token-env A --jobs 2 --strict");
    }

    #[test]
    fn a_shell_reads_the_flags_as_they_were_given() {
        let given =
            parse(&["--target", "http://a.example/it's", "--fail-fast", "--ca", "my ca.pem"]).unwrap();
        let given = Given::of(&given, &run());
        let line = given.for_shell();
        let words: Vec<String> = shlex::split(line.as_str()).unwrap();
        assert_eq!(words, ["--target", "http://a.example/it's", "--ca", "my ca.pem", "--fail-fast=1"]);
    }
}
