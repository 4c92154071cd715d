//! Servers on threads of their own, and a client that keeps eight connections busy.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use scimsnap::reference::{Reference, serve};
use tokio::net::{TcpListener, TcpStream};

use super::Fallible;
use super::measure::{this_thread, thread_seconds};

/// As many connections as a provider opens at most.
const CONNECTIONS: usize = 8;

/// A running server. It ends with the process.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    thread: String,
}

impl Server {
    /// Starts a bare one on a free port.
    pub(crate) fn bare(router: Router) -> Fallible<Self> {
        Self::start(move |listener| async move { axum::serve(listener, router).await })
    }

    /// Starts the reference endpoint on a free port, as `scimsnap serve` does.
    pub(crate) fn reference(reference: Reference) -> Fallible<Self> {
        Self::start(move |listener| serve(listener, reference, std::future::pending()))
    }

    fn start<S, F>(serving: S) -> Fallible<Self>
    where
        S: FnOnce(TcpListener) -> F + Send + 'static,
        F: Future<Output = io::Result<()>>,
    {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let _ = tell.send(this_thread().unwrap_or_default());
            runtime.block_on(async move { serving(TcpListener::from_std(listener)?).await })
        });
        Ok(Self { address, thread: told.recv()? })
    }

    /// How many requests a second it answers, and how much processor time it needs for one, in µs.
    pub(crate) fn rate(
        &self,
        time: Duration,
        expect: u16,
        request: &dyn Fn(usize) -> Vec<u8>,
    ) -> Fallible<(f64, f64)> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let before = thread_seconds(&self.thread)?;
        let started = Instant::now();
        let answered = runtime.block_on(async {
            let each = (0..CONNECTIONS).map(|first| self.keep_busy(first, started + time, expect, request));
            futures_util::future::try_join_all(each).await
        })?;
        let took = started.elapsed().as_secs_f64();
        let used = thread_seconds(&self.thread)? - before;
        let answered = f64::from(answered.iter().sum::<u32>());
        Ok((answered / took, used / answered * 1e6))
    }

    async fn keep_busy(
        &self,
        first: usize,
        until: Instant,
        expect: u16,
        request: &dyn Fn(usize) -> Vec<u8>,
    ) -> Fallible<u32> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let mut buffer = vec![0; 1 << 16];
        let mut answered: u32 = 0;
        while Instant::now() < until {
            let number = first + CONNECTIONS * usize::try_from(answered)?;
            send(&stream, &request(number)).await?;
            receive(&stream, &mut buffer, expect).await?;
            answered += 1;
        }
        Ok(answered)
    }
}

async fn send(stream: &TcpStream, mut request: &[u8]) -> Fallible<()> {
    while !request.is_empty() {
        match stream.try_write(request) {
            Ok(sent) => request = request.get(sent..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.writable().await?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn receive(stream: &TcpStream, buffer: &mut Vec<u8>, expect: u16) -> Fallible<()> {
    let mut filled = 0;
    let mut whole = usize::MAX;
    while filled < whole {
        if filled == buffer.len() {
            buffer.resize(2 * filled, 0);
        }
        match stream.try_read(buffer.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => return Err("the connection was closed".into()),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                stream.readable().await?;
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        if whole == usize::MAX {
            whole = length(buffer.get(..filled).unwrap_or_default(), expect)?.unwrap_or(usize::MAX);
        }
    }
    Ok(())
}

/// How long the answer is, head and body; none as long as the head is not there.
fn length(answer: &[u8], expect: u16) -> Fallible<Option<usize>> {
    let Some(head) = answer.windows(4).position(|end| end == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = std::str::from_utf8(answer.get(..head).unwrap_or_default())?;
    if text.split(' ').nth(1) != Some(&expect.to_string()) {
        return Err(String::from_utf8_lossy(answer).into_owned().into());
    }
    let body = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Ok(0), |(_, length)| length.trim().parse::<usize>())?;
    Ok(Some(head + 4 + body))
}
