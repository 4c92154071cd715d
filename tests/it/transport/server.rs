//! A server on a plain socket that keeps connections, and ends them as a test wants.

use std::io::{Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use scimsnap::context::Clock;
use scimsnap::wire::{Auth, HttpClient, Limits, Register, Secret, Target, Wire};

/// A request as it was read, on which connection, and as which one there, both from 1.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) connection: usize,
    pub(crate) place: usize,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Call {
    pub(crate) fn method(&self) -> &str {
        self.head.split(' ').next().unwrap()
    }

    pub(crate) fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }
}

/// What a server does with a request.
pub(crate) enum Act {
    /// Writes this, and keeps the connection.
    Write(Vec<u8>),
    /// Writes this, and closes the connection.
    Last(Vec<u8>),
    /// Writes this over and over.
    Flood(Vec<u8>, Vec<u8>),
    /// Does nothing for a long time.
    Hang,
}

/// A server. Its threads end with the process.
pub(crate) struct Server {
    pub(crate) origin: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Server {
    pub(crate) fn new(act: impl Fn(&Call) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (seen, act) = (Arc::clone(&calls), Arc::new(act));
        std::thread::spawn(move || {
            for (index, stream) in listener.incoming().flatten().enumerate() {
                let (seen, act) = (Arc::clone(&seen), Arc::clone(&act));
                std::thread::spawn(move || serve(stream, index + 1, &seen, &*act));
            }
        });
        Self { origin, calls }
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    /// Method and connection of each request.
    pub(crate) fn story(&self) -> Vec<(String, usize)> {
        self.calls().iter().map(|call| (call.method().to_owned(), call.connection)).collect()
    }

    pub(crate) fn wire(&self, limits: Limits) -> Wire {
        self.wire_of(limits, None)
    }

    /// The same as a guest's, where there is a register.
    pub(crate) fn wire_of(&self, limits: Limits, register: Option<Arc<Register>>) -> Wire {
        let target = Target::new(&self.origin, Auth::Bearer(Secret::new("the-token")));
        Wire::new(Rc::new(HttpClient::new(limits)), target, limits, Clock::system(), register)
    }
}

fn serve(mut stream: TcpStream, connection: usize, seen: &Mutex<Vec<Call>>, act: &dyn Fn(&Call) -> Act) {
    let mut place = 0;
    while let Some((head, body)) = read(&mut stream) {
        place += 1;
        let call = Call { connection, place, head, body };
        seen.lock().unwrap().push(call.clone());
        match act(&call) {
            Act::Write(bytes) if stream.write_all(&bytes).is_ok() => {}
            Act::Write(_) => return,
            Act::Last(bytes) => {
                let _ = stream.write_all(&bytes);
                return;
            }
            Act::Flood(once, again) => {
                let mut flows = stream.write_all(&once).is_ok();
                while flows {
                    flows = stream.write_all(&again).is_ok();
                }
                return;
            }
            Act::Hang => std::thread::sleep(Duration::from_mins(10)),
        }
    }
}

/// Reads a request; nothing where the connection was closed.
pub(crate) fn read(stream: &mut impl Read) -> Option<(String, String)> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8_lossy(&body).into_owned()))
}

/// A whole answer that keeps the connection.
pub(crate) fn answer(status: u16, body: &str) -> Vec<u8> {
    answer_with(status, "", body)
}

/// The same with further header lines.
pub(crate) fn answer_with(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: application/scim+json\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

pub(crate) const NOBODY: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}"#;

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
