//! A server on a thread for each connection, which streams what it answers.

use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use super::tenant::Tenant;

/// A request as far as it matters here.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Vec<u8>,
}

/// A server that runs until the test ends.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start(tenant: Tenant) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/scim", listener.local_addr().unwrap());
        let tenant = Arc::new(tenant);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let tenant = Arc::clone(&tenant);
                std::thread::spawn(move || serve(&tenant, &stream));
            }
        });
        Self { url }
    }
}

fn serve(tenant: &Tenant, stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let mut out = std::io::BufWriter::with_capacity(64 * 1024, stream);
        // Whoever is asked has seen enough when this fails.
        if tenant.answer(&request, &mut out).and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let target = target.strip_prefix("/scim").unwrap_or(&target).to_owned();
    let (path, query) = target.split_once('?').map_or((target.as_str(), ""), |(path, query)| (path, query));
    Some(Request { method, path: path.to_owned(), query: query.to_owned(), body })
}

/// Writes an answer whose body is as long as it turns out.
pub(crate) struct Chunked<W: Write>(W);

impl<W: Write> Chunked<W> {
    pub(crate) fn begin(mut out: W, status: u16, headers: &str) -> std::io::Result<Self> {
        write!(
            out,
            "HTTP/1.1 {status} X\r\nContent-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\n{headers}\r\n"
        )?;
        Ok(Self(out))
    }

    pub(crate) fn end(mut self) -> std::io::Result<()> {
        self.0.write_all(b"0\r\n\r\n")
    }
}

impl<W: Write> Write for Chunked<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if !bytes.is_empty() {
            write!(self.0, "{:x}\r\n", bytes.len())?;
            self.0.write_all(bytes)?;
            self.0.write_all(b"\r\n")?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
