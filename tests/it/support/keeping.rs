//! An endpoint that keeps its connections, and closes them without a word.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::http::{Call, Reply};
use super::tls::{Authority, config};

/// When a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Close {
    /// Never.
    Never,
    /// After every so many answers of the whole endpoint.
    Every(usize),
    /// A moment after the second answer.
    SecondWithDelay,
    /// When the second request was read, before anything is done.
    Reading,
    /// When the second request was done, before it is answered.
    Done,
}

/// An endpoint. Its threads end with the process.
#[derive(Debug)]
pub(crate) struct Keeping {
    pub(crate) authority: String,
    /// How many connections were closed without a word, and how many requests were read and never answered.
    closed: Arc<AtomicUsize>,
    unanswered: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Rule {
    close: Close,
    answers: Arc<AtomicUsize>,
    closed: Arc<AtomicUsize>,
    unanswered: Arc<AtomicUsize>,
}

impl Keeping {
    /// Over TCP.
    pub(crate) fn new(close: Close, answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Self {
        Self::by(close, None, answer)
    }

    /// Over TLS, with a certificate for a name.
    pub(crate) fn tls(
        close: Close,
        issuer: &Authority,
        name: &str,
        answer: impl Fn(&Call) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::by(close, Some(Arc::new(config(issuer, name, None))), answer)
    }

    fn by(
        close: Close,
        config: Option<Arc<ServerConfig>>,
        answer: impl Fn(&Call) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let rule =
            Rule { close, answers: Arc::default(), closed: Arc::default(), unanswered: Arc::default() };
        let (answer, all) = (Arc::new(answer), rule.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let (config, answer, rule) = (config.clone(), Arc::clone(&answer), all.clone());
                std::thread::spawn(move || {
                    stream.set_nodelay(true).unwrap();
                    let socket = stream.try_clone().unwrap();
                    match config {
                        None => rule.serve(stream, &*answer),
                        Some(config) => {
                            let connection = ServerConnection::new(config).unwrap();
                            // No farewell of TLS either.
                            rule.serve(StreamOwned::new(connection, stream), &*answer);
                        }
                    }
                    let _ = socket.shutdown(Shutdown::Both);
                });
            }
        });
        Self { authority, closed: rule.closed, unanswered: rule.unanswered }
    }

    pub(crate) fn closed(&self) -> usize {
        self.closed.load(Ordering::SeqCst)
    }

    pub(crate) fn unanswered(&self) -> usize {
        self.unanswered.load(Ordering::SeqCst)
    }
}

impl Rule {
    fn serve(&self, mut stream: impl Read + Write, answer: &dyn Fn(&Call) -> Reply) {
        let mut place = 0;
        while let Some(call) = Call::receive(&mut stream) {
            place += 1;
            let second = place == 2;
            if second && self.close == Close::Reading {
                return self.leave_unanswered();
            }
            let reply = answer(&call);
            if second && self.close == Close::Done {
                return self.leave_unanswered();
            }
            reply.write_kept(&mut stream);
            let _ = stream.flush();
            let all = self.answers.fetch_add(1, Ordering::SeqCst) + 1;
            let closes = match self.close {
                Close::Every(times) => all.is_multiple_of(times),
                Close::SecondWithDelay if second => {
                    pause();
                    true
                }
                _ => false,
            };
            if closes {
                self.closed.fetch_add(1, Ordering::SeqCst);
                return;
            }
        }
    }

    fn leave_unanswered(&self) {
        self.closed.fetch_add(1, Ordering::SeqCst);
        self.unanswered.fetch_add(1, Ordering::SeqCst);
    }
}

#[expect(clippy::disallowed_methods, reason = "a thread of the test's own")]
fn pause() {
    std::thread::sleep(Duration::from_millis(15));
}
