//! An HTTP proxy that tunnels (CONNECT), whatever the host, to one place.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A proxy. Its thread ends with the process.
#[derive(Debug)]
pub(crate) struct Tunnel {
    pub(crate) origin: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    /// Leads to `host:port`.
    pub(crate) fn to(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (seen, upstream) = (Arc::clone(&heads), upstream.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let (seen, upstream) = (Arc::clone(&seen), upstream.clone());
                std::thread::spawn(move || lead(stream, &upstream, &seen));
            }
        });
        Self { origin, heads }
    }

    /// The heads of the requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn lead(mut from: TcpStream, upstream: &str, seen: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if from.read(&mut byte).unwrap_or(0) == 0 {
            return;
        }
        head.push(byte[0]);
    }
    seen.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
    let mut to = TcpStream::connect(upstream).unwrap();
    from.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
    let (mut back_from, mut back_to) = (to.try_clone().unwrap(), from.try_clone().unwrap());
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut back_from, &mut back_to);
        let _ = back_to.shutdown(std::net::Shutdown::Both);
    });
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(std::net::Shutdown::Both);
}
