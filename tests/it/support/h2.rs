//! An endpoint that speaks HTTP/2 over TLS, and nothing else.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::{Request, Response};
use h2::server::{Connection, SendResponse};
use h2::{Reason, RecvStream};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::http::{Call, Reply};
use super::tls::{Authority, config};

/// What is done about a request.
#[derive(Debug)]
pub(crate) enum Act {
    /// It is answered.
    Answer(Reply),
    /// Its stream is reset.
    Reset(Reason),
    /// It is answered, and the connection takes no more.
    GoAway(Reply),
    /// The connection ends at once, without a word.
    Abandon,
    /// It is answered with a body that does not end.
    Endless,
}

/// The endpoint. Its thread ends with the process.
#[derive(Debug)]
pub(crate) struct Http2 {
    pub(crate) origin: String,
    connections: Arc<Mutex<Vec<usize>>>,
}

impl Http2 {
    /// Shows a certificate for 127.0.0.1, and does about each request what `act` says. The number is the request's,
    /// from 1.
    pub(crate) fn new(issuer: &Authority, act: impl Fn(usize, &Call) -> Act + Send + Sync + 'static) -> Self {
        let mut config = config(issuer, "127.0.0.1", None);
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let origin = format!("https://{}", listener.local_addr().unwrap());
        let connections = Arc::new(Mutex::new(Vec::new()));
        let (seen, act): (_, Arc<Decide>) = (Arc::clone(&connections), Arc::new(act));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, acceptor.clone(), Arc::clone(&seen), Arc::clone(&act)));
                }
            });
        });
        Self { origin, connections }
    }

    /// How many requests each connection brought that spoke HTTP/2.
    pub(crate) fn connections(&self) -> Vec<usize> {
        self.connections.lock().unwrap().clone()
    }
}

type Decide = dyn Fn(usize, &Call) -> Act + Send + Sync;

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, seen: Arc<Mutex<Vec<usize>>>, act: Arc<Decide>) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    let place = {
        let mut seen = seen.lock().unwrap();
        seen.push(0);
        seen.len() - 1
    };
    while let Some(Ok((request, respond))) = connection.accept().await {
        let number = {
            let mut seen = seen.lock().unwrap();
            seen[place] += 1;
            seen.iter().sum()
        };
        // The body comes only while the connection is looked after.
        let read = read(request);
        tokio::pin!(read);
        let call = tokio::select! {
            call = &mut read => call,
            _ = std::future::poll_fn(|context| connection.poll_closed(context)) => return,
        };
        let decide = Arc::clone(&act);
        let act = tokio::task::spawn_blocking(move || decide(number, &call)).await.unwrap();
        if !answer(act, respond, &mut connection) {
            return;
        }
    }
}

/// The request with its body.
async fn read(request: Request<RecvStream>) -> Call {
    let (head, mut stream) = request.into_parts();
    let mut body = Vec::new();
    while let Some(Ok(chunk)) = stream.data().await {
        body.extend_from_slice(&chunk);
        let _ = stream.flow_control().release_capacity(chunk.len());
    }
    let host = head.uri.authority().map(|host| ("host".to_owned(), host.to_string()));
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    Call {
        method: head.method.to_string(),
        target: head.uri.path_and_query().unwrap().to_string(),
        headers: headers.chain(host).collect(),
        body: String::from_utf8(body).unwrap(),
    }
}

/// Says whether the connection goes on.
fn answer(
    act: Act,
    mut respond: SendResponse<Bytes>,
    connection: &mut Connection<TlsStream<TcpStream>, Bytes>,
) -> bool {
    match act {
        Act::Answer(reply) => send(&reply, &mut respond),
        Act::Reset(reason) => respond.send_reset(reason),
        Act::GoAway(reply) => {
            send(&reply, &mut respond);
            connection.graceful_shutdown();
        }
        Act::Abandon => return false,
        Act::Endless => {
            let head = Response::builder().header("content-type", "application/scim+json").body(());
            let mut stream = respond.send_response(head.unwrap(), false).unwrap();
            tokio::spawn(async move {
                let chunk = Bytes::from(vec![b' '; 0x10000]);
                stream.reserve_capacity(chunk.len());
                while let Some(Ok(room)) = std::future::poll_fn(|context| stream.poll_capacity(context)).await
                {
                    if stream.send_data(chunk.slice(..room.min(chunk.len())), false).is_err() {
                        return;
                    }
                    stream.reserve_capacity(chunk.len());
                }
            });
        }
    }
    true
}

fn send(reply: &Reply, respond: &mut SendResponse<Bytes>) {
    let mut head = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        if !["connection", "content-length", "transfer-encoding"]
            .contains(&name.to_ascii_lowercase().as_str())
        {
            head = head.header(name, value);
        }
    }
    // Whoever hung up does not want it.
    if let Ok(mut stream) = respond.send_response(head.body(()).unwrap(), reply.body.is_empty())
        && !reply.body.is_empty()
    {
        let _ = stream.send_data(Bytes::from(reply.body.clone()), true);
    }
}
