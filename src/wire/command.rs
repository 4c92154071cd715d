//! A command that prints a token, such as a secret store's client.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::exchange::TransportError;
use super::secret::Secret;
use super::token::Token;

/// How much of what a command says is repeated.
const MOST_WORDS: usize = 200;

/// A command that prints a token and nothing else.
#[derive(Debug, Clone)]
pub struct TokenCommand {
    /// The program and its arguments; no shell is between.
    pub words: Vec<String>,
    /// The folder that it runs in.
    pub folder: PathBuf,
    /// After how long it is ended.
    pub timeout: Duration,
}

impl TokenCommand {
    /// Runs it.
    pub(super) async fn run(&self) -> Result<Token, TransportError> {
        let Some((program, arguments)) = self.words.split_first() else {
            return Err(TransportError::NoToken("the command is empty".to_owned()));
        };
        let failed = |what: String| TransportError::NoToken(format!("the command `{program}` {what}"));
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null()).kill_on_drop(true);
        let output = tokio::time::timeout(self.timeout, command.output())
            .await
            .map_err(|_| failed(format!("did not end within {} s", self.timeout.as_secs())))?
            .map_err(|error| failed(format!("cannot be run ({error})")))?;
        if !output.status.success() {
            // What it says of a failure holds no token; what it prints might.
            let said = String::from_utf8_lossy(&output.stderr);
            let line: String =
                said.trim().lines().last().unwrap_or_default().chars().take(MOST_WORDS).collect();
            return Err(failed(format!("ended with {}: {line}", output.status)));
        }
        let secret = Secret::new(&String::from_utf8_lossy(&output.stdout));
        if secret.is_empty() {
            return Err(failed("printed nothing".to_owned()));
        }
        if secret.expose().chars().any(char::is_control) {
            return Err(failed("printed more than one line; a token is one line".to_owned()));
        }
        Ok(Token { secret, lasts: None })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_that_does_not_end_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let words = ["sh", "-c", "sleep 0.4; touch late"].map(str::to_owned).to_vec();
        let command =
            TokenCommand { words, folder: folder.path().to_owned(), timeout: Duration::from_millis(20) };
        let error = command.run().await.unwrap_err();
        assert!(error.to_string().contains("did not end within"), "{error}");
        // Ended, not left running.
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(!folder.path().join("late").exists());
    }
}
