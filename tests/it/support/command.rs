//! Runs the binary.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::program::program;
use super::served::Served;

/// How a process ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Checks the exit code and shows everything where it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// Checks that stderr says something.
    #[track_caller]
    pub(crate) fn complains(self, what: &str) -> Self {
        assert!(self.stderr.contains(what), "`{what}` is not in\n{}", self.stderr);
        self
    }

    /// Checks that stdout says something.
    #[track_caller]
    pub(crate) fn says(self, what: &str) -> Self {
        assert!(self.stdout.contains(what), "`{what}` is not in\n{}", self.stdout);
        self
    }

    /// What stderr says besides how far a run is.
    pub(crate) fn complaints(&self) -> String {
        let is_progress = |line: &&str| line.contains(" of ") && line.ends_with(" s left");
        self.stderr.lines().filter(|line| !is_progress(line)).collect::<Vec<_>>().join("\n")
    }

    /// The run's id, as the second line of its output names it.
    pub(crate) fn run(&self) -> String {
        let (_, rest) = self.stdout.split_once("· run ").unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    }
}

/// A call of the binary that is being put together.
#[derive(Debug)]
pub(crate) struct Scimsnap {
    command: Command,
}

impl Scimsnap {
    /// A call in a folder, in an environment without what the tests' own one may have set.
    pub(crate) fn new(folder: &Path, words: &[&str]) -> Self {
        let mut command = Command::new(program());
        command.current_dir(folder).args(words).env_clear().stdin(Stdio::null());
        Self { command }
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// With one more word.
    pub(crate) fn word(mut self, word: impl AsRef<OsStr>) -> Self {
        self.command.arg(word);
        self
    }

    /// Reads from there.
    pub(crate) fn stdin(mut self, stdin: impl Into<Stdio>) -> Self {
        self.command.stdin(stdin);
        self
    }

    /// Runs it to its end, with standard output and standard error going there.
    pub(crate) fn end_into(mut self, stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> Outcome {
        let child = self.command.stdout(stdout).stderr(stderr).spawn().unwrap();
        outcome(&child.wait_with_output().unwrap())
    }

    /// Against a SCIM base URL with a token.
    pub(crate) fn target(mut self, url: &str, token: &str) -> Self {
        self.command.args(["--target", url, "--token-env", "SCIM_TOKEN"]).env("SCIM_TOKEN", token);
        self
    }

    /// Against a served endpoint, over SCIM alone.
    pub(crate) fn against(self, served: &Served) -> Self {
        self.target(&served.scim, &served.token)
    }

    /// Against a served endpoint, with the product's REST API.
    pub(crate) fn with_rest(mut self, served: &Served) -> Self {
        self = self.against(served);
        self.command.args(["--rest", &served.rest, "--rest-user", &served.rest_user]);
        self.command.args(["--rest-token-env", "REST_TOKEN"]).env("REST_TOKEN", &served.rest_token);
        self
    }

    /// Does not ignore a hang-up, even where the tests were started with `nohup`; only Linux has an `env` for that.
    pub(crate) fn heeding_hang_ups(self) -> Self {
        if !cfg!(target_os = "linux") {
            return self;
        }
        let mut command = Command::new("env");
        command.arg("--default-signal=HUP").arg(self.command.get_program()).args(self.command.get_args());
        command.current_dir(self.command.get_current_dir().unwrap()).env_clear().stdin(Stdio::null());
        command.envs(self.command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Self { command }
    }

    /// Runs it to its end.
    pub(crate) fn end(mut self) -> Outcome {
        outcome(&self.command.output().unwrap())
    }

    /// Starts it.
    pub(crate) fn start(mut self) -> Child {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

impl From<std::process::Output> for Outcome {
    fn from(output: std::process::Output) -> Self {
        outcome(&output)
    }
}

fn outcome(output: &std::process::Output) -> Outcome {
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
