//! A command that prints a token, such as a secret store's client.

use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use super::minted::Token;
use crate::wire::message::exchange::TransportError;
use crate::wire::redact::masking::{Needles, mask, visible};
use crate::wire::redact::secret::Secret;

/// The longest token, in bytes.
const LONGEST: usize = 64 * 1024;

/// How much is read of what a command says on stderr; then it is left alone with the rest.
const MOST_SAID: usize = 1024 * 1024;

/// How much of its end is kept.
const KEPT: usize = 4 * 1024;

/// How many characters of its last line are repeated.
const MOST_WORDS: usize = 200;

/// How long what a command started may still write after the command itself has ended.
const GRACE: Duration = Duration::from_millis(500);

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
    /// Runs it. What it started ends with it, also where nobody waits for it any more.
    pub(in crate::wire) async fn run(&self) -> Result<Token, TransportError> {
        let Some((program, arguments)) = self.words.split_first() else {
            return Err(TransportError::NoToken("the command is empty".to_owned()));
        };
        let failed = |what: String| TransportError::NoToken(format!("the command `{program}` {what}"));
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.folder).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(|error| failed(format!("cannot be started ({error})")))?;
        let _group = Group::of(&child);
        let mut said = Said::default();
        let status = tokio::time::timeout(self.timeout, said.listen(&mut child))
            .await
            .map_err(|_| failed(format!("did not finish within {} s", self.timeout.as_secs())))?
            .map_err(|error| failed(format!("its output its output cannot be read ({error})")))?;
        if said.printed.len() > LONGEST {
            return Err(failed(format!(
                "printed more than {} KiB; a token is a single line",
                LONGEST / 1024
            )));
        }
        let Some(status) = status else {
            return Err(failed("ended without an exit status".to_owned()));
        };
        if !status.success() {
            return Err(failed(format!("failed with {status}: {}", said.last_line())));
        }
        let secret = Secret::new(&String::from_utf8_lossy(&said.printed));
        if secret.is_empty() {
            return Err(failed("printed nothing".to_owned()));
        }
        if secret.expose().chars().any(char::is_control) {
            return Err(failed("printed more than one line; a token is a single line".to_owned()));
        }
        Ok(Token { secret, lasts: None })
    }
}

/// What a command wrote, as far as it is kept.
#[derive(Default)]
struct Said {
    /// On stdout, one byte more than a token may have at most.
    printed: Vec<u8>,
    /// The end of what it wrote on stderr.
    complained: Vec<u8>,
}

impl Said {
    /// Reads until the command has ended, or has printed too much; then there is no status.
    async fn listen(&mut self, child: &mut Child) -> io::Result<Option<ExitStatus>> {
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let Self { printed, complained } = self;
        let mut reading = std::pin::pin!(async {
            tokio::try_join!(read_token(stdout, printed), async {
                keep_end(stderr, complained).await.map_err(ReadError::from)
            })
        });
        let mut is_read = false;
        loop {
            tokio::select! {
                read = &mut reading, if !is_read => match read {
                    Ok(_) => is_read = true,
                    Err(ReadError::TooLong) => return Ok(None),
                    Err(ReadError::Io(error)) => return Err(error),
                },
                status = child.wait() => {
                    let status = status?;
                    if !is_read {
                        // Something that it started may hold the pipes open for as long as it likes.
                        match tokio::time::timeout(GRACE, reading).await {
                            Ok(Err(ReadError::TooLong)) => return Ok(None),
                            Ok(Err(ReadError::Io(error))) => return Err(error),
                            Ok(Ok(_)) | Err(_) => {}
                        }
                    }
                    return Ok(Some(status));
                }
            }
        }
    }

    /// The last line of the complaint, without what was printed, fit to be shown.
    fn last_line(&self) -> String {
        let text = String::from_utf8_lossy(&self.complained);
        let line = text.trim().lines().last().unwrap_or_default();
        // What was printed may be the token; whoever complains about it may repeat it.
        let mut needles = Needles::default();
        String::from_utf8_lossy(&self.printed).lines().for_each(|line| needles.add(&Secret::new(line)));
        let finders: Vec<_> = needles.finder().into_iter().collect();
        let shown = visible(&mask(line, &finders));
        match shown.char_indices().nth(MOST_WORDS) {
            Some((end, _)) => format!("{}…", &shown[..end]),
            None => shown,
        }
    }
}

enum ReadError {
    TooLong,
    Io(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads to the end, or to where it is too much for a token.
async fn read_token(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> Result<(), ReadError> {
    let Some(from) = from else { return Ok(()) };
    from.take(LONGEST as u64 + 1).read_to_end(into).await?;
    if into.len() > LONGEST { Err(ReadError::TooLong) } else { Ok(()) }
}

/// Reads to the end, or as much as is listened to, and keeps the last of it.
async fn keep_end(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> io::Result<()> {
    let Some(mut from) = from else { return Ok(()) };
    let mut buffer = vec![0; KEPT];
    let mut most = MOST_SAID;
    while most > 0 {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            break;
        }
        into.extend_from_slice(&buffer[..count]);
        into.drain(..into.len().saturating_sub(KEPT));
        most = most.saturating_sub(count);
    }
    Ok(())
}

/// The process group of a command, which ends when this is dropped.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    #[cfg(unix)]
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: id.and_then(rustix::process::Pid::from_raw) }
    }

    #[cfg(not(unix))]
    fn of(_child: &Child) -> Self {
        Self {}
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            // Where all of it has ended, there is nobody to tell.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::path::Path;
    use std::time::Instant;

    use super::*;

    fn shell(folder: &Path, script: &str, timeout: Duration) -> TokenCommand {
        let words = ["sh", "-c", script].map(str::to_owned).to_vec();
        TokenCommand { words, folder: folder.to_owned(), timeout }
    }

    /// What a script's failure says.
    async fn complaint(script: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let command = shell(folder.path(), script, Duration::from_secs(20));
        command.run().await.unwrap_err().to_string()
    }

    /// Whether a process of that id is there and has not ended.
    fn is_alive(pid: &str) -> bool {
        let output =
            std::process::Command::new("ps").args(["-o", "stat=", "-p", pid.trim()]).output().unwrap();
        let state = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        !state.is_empty() && !state.starts_with('Z')
    }

    async fn ends(pid: &str) -> bool {
        for _ in 0..100 {
            if !is_alive(pid) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    }

    #[tokio::test]
    async fn one_that_does_not_end_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let script = "sleep 300 & echo $! > grandchild; (sleep 300 & echo $! > deeper; wait) & wait";
        let error = shell(folder.path(), script, Duration::from_secs(2)).run().await.unwrap_err();
        assert!(error.to_string().contains("did not finish within"), "{error}");
        for name in ["grandchild", "deeper"] {
            let pid = std::fs::read_to_string(folder.path().join(name)).unwrap();
            assert!(ends(&pid).await, "{name} goes on");
        }
    }

    #[tokio::test]
    async fn one_that_nobody_waits_for_any_more_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let command = shell(folder.path(), "sleep 300 & echo $! > grandchild; wait", Duration::from_mins(5));
        let path = folder.path().join("grandchild");
        let pid = {
            let mut running = std::pin::pin!(command.run());
            loop {
                tokio::select! {
                    _ = &mut running => panic!("it ended by itself"),
                    () = tokio::time::sleep(Duration::from_millis(50)) => {}
                }
                match std::fs::read_to_string(&path) {
                    Ok(pid) if pid.ends_with('\n') => break pid,
                    _ => {}
                }
            }
        };
        assert!(ends(&pid).await);
    }

    #[tokio::test]
    async fn what_holds_the_pipe_open_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let command = shell(folder.path(), "sleep 300 & echo token-0123456789", Duration::from_mins(1));
        let start = Instant::now();
        assert_eq!(command.run().await.unwrap().secret.expose(), "token-0123456789");
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[tokio::test]
    async fn one_that_prints_for_ever_is_not_heard_out() {
        let start = Instant::now();
        let said = complaint("yes token").await;
        assert!(said.contains("printed more than 64 KiB"), "{said}");
        let said = complaint("yes token >&2; exit 3").await;
        assert!(said.contains("exit status: 3: t"), "{said}");
        assert!(start.elapsed() < Duration::from_secs(15));
    }

    #[tokio::test]
    async fn a_long_token_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let script = "head -c 60000 /dev/zero | tr '\\0' t";
        let command = shell(folder.path(), script, Duration::from_secs(20));
        assert_eq!(command.run().await.unwrap().secret.expose().len(), 60_000);
    }

    #[tokio::test]
    async fn a_complaint_is_shown_without_the_token_and_without_escapes() {
        let said =
            complaint("echo canary-0123456789; echo 'no: canary-0123456789 \u{1b}[31m' >&2; exit 1").await;
        assert!(said.contains(r"no: *** \u{1b}[31m"), "{said}");
        let said =
            complaint("echo canary-0123456789; printf 'no: Y2FuYXJ5LTAxMjM0NTY3ODk=' >&2; exit 1").await;
        assert!(said.ends_with("no: ***)"), "{said}");
        let said = complaint("head -c 9000 /dev/zero | tr '\\0' x >&2; exit 1").await;
        assert!(said.ends_with("x…)") && said.len() < 400, "{said}");
    }
}
