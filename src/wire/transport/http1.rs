//! HTTP/1.1 to the byte: requests are sent exactly as a provider writes them, plus `Host` and `Content-Length`.

use std::cell::{OnceCell, RefCell};
use std::future::{Future, poll_fn};
use std::io;
use std::mem::MaybeUninit;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use hyper::header::{HOST, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use socket2::{SockRef, Socket};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tower_service::Service as _;

use super::Transport;
use super::address::{Address, Origin};
use super::root_cause::innermost;
use super::tls;
use super::watched::{Traffic, Watched};
use crate::wire::intake::{Body, Intake, Next};
use crate::wire::limits::Limits;
use crate::wire::message::exchange::TransportError;

/// Longest time to reach the endpoint before it counts as unreachable.
pub(in crate::wire) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(90);

/// How long a connection may have been idle for a request that must not be sent twice. Servers close idle connections,
/// and the shorter the pause, the less likely both happen at once.
const IDLE_BEFORE_CHANGE: Duration = Duration::from_secs(1);

/// How many interim answers (1xx) one request may get: a server that does nothing else costs the processor.
const MOST_INTERIM: usize = 100;

/// In how many pieces a body may come: each costs the processor as much as thousands of bytes.
const MOST_PIECES: usize = 250_000;

type Stream = TokioIo<Watched<TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>>>;
type Request = hyper::Request<Full<Bytes>>;

/// Connections to whom requests were sent.
#[derive(Debug)]
pub(in crate::wire) struct Http1 {
    transport: Arc<Transport>,
    tcp: HttpConnector,
    tls: OnceCell<HttpsConnector<HttpConnector>>,
    idle: RefCell<Vec<Open>>,
    /// Whether the endpoint is the run's own, which closes no connection by surprise.
    is_own: bool,
}

/// What came back.
#[derive(Debug)]
pub(in crate::wire) struct Reply {
    pub(in crate::wire) status: StatusCode,
    pub(in crate::wire) headers: HeaderMap,
    pub(in crate::wire) body: Body,
    /// Whether the body's coding was undone.
    pub(in crate::wire) decoded: bool,
}

/// Why nothing came back.
#[derive(Debug)]
pub(in crate::wire) enum Failure {
    /// TLS was broken off, because this version of HTTP is not spoken there. Nothing was sent.
    VersionRefused,
    /// A kept connection was closed before anything of the answer came (RFC 9112 §9.5).
    ClosedSilently {
        /// Whether any of the request may have been sent.
        sent: bool,
    },
    /// Something else.
    Transport(TransportError),
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

/// A connection. Whoever has an exchange over it moves it on, so that no other task has to be woken.
#[derive(Debug)]
struct Open {
    origin: Rc<Origin>,
    since: Instant,
    traffic: Rc<Traffic>,
    /// The socket, to look at; nothing where nobody needs to.
    socket: Option<Socket>,
    sender: SendRequest<Full<Bytes>>,
    /// Until it is over.
    connection: Option<Box<Connection<Stream, Full<Bytes>>>>,
}

impl Http1 {
    pub(in crate::wire) fn new(transport: Arc<Transport>, is_own: bool) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        Self { transport, tcp, tls: OnceCell::new(), idle: RefCell::default(), is_own }
    }

    /// Sends one request and reads the answer within the limits. Kept connections are used unless a `fresh` one is asked for.
    pub(in crate::wire) async fn send(
        &self,
        address: Address,
        method: Method,
        mut headers: HeaderMap,
        body: Option<String>,
        (sent, limits): (&crate::wire::message::request::Request, &Limits),
        fresh: bool,
    ) -> Result<Reply, Failure> {
        let Address { origin, target } = address;
        let broken = |error: &dyn std::fmt::Display| TransportError::Broken(error.to_string());
        let uri = Uri::try_from(target).map_err(|error| broken(&error))?;
        let host = HeaderValue::from_str(&origin.authority).map_err(|error| broken(&error))?;
        headers.entry(HOST).or_insert(host);
        let mut request = Request::new(body.map(Bytes::from).unwrap_or_default().into());
        // What is sent twice may be done twice.
        let once = !self.is_own && matches!(method, Method::POST | Method::PATCH);
        let fresh = fresh || (once && self.transport.closes_silently());
        let longest = if once { IDLE_BEFORE_CHANGE } else { IDLE };
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let interim = self.watch_interim(&mut request);
        loop {
            let kept = if fresh { None } else { self.take(&origin, longest) };
            let was_kept = kept.is_some();
            let mut open = match kept {
                // What must not be sent twice is not sent where a farewell has arrived already.
                Some(open) if once && !open.is_quiet() => continue,
                Some(open) => open,
                None => Box::pin(self.open(&origin)).await?,
            };
            match open.exchange(request, (sent, limits), &interim).await {
                Ok(reply) => {
                    self.keep(open);
                    return Ok(reply);
                }
                // It was closed while nobody used it.
                Err((_, Some(unsent))) if was_kept => request = unsent,
                Err((TransportError::Broken(_), None)) if was_kept && !open.traffic.has_received() => {
                    return Err(Failure::ClosedSilently { sent: open.traffic.has_sent() });
                }
                Err((error, _)) => return Err(error.into()),
            }
        }
    }

    /// Counts the interim answers to a request.
    fn watch_interim(&self, request: &mut Request) -> Arc<AtomicUsize> {
        let interim = Arc::new(AtomicUsize::new(0));
        if !self.is_own {
            let counter = Arc::clone(&interim);
            hyper::ext::on_informational(request, move |_| {
                counter.fetch_add(1, Ordering::Relaxed);
            });
        }
        interim
    }

    /// Takes a kept connection that was used no longer ago than that.
    fn take(&self, origin: &Rc<Origin>, longest: Duration) -> Option<Open> {
        let mut idle = self.idle.borrow_mut();
        let now = Instant::now();
        idle.retain(|open| now - open.since < IDLE);
        let at = idle.iter().rposition(|open| open.origin == *origin)?;
        // The last one is the one that was used last.
        (now - idle[at].since < longest).then(|| idle.remove(at))
    }

    fn keep(&self, mut open: Open) {
        if open.connection.is_some() && !open.sender.is_closed() {
            open.since = Instant::now();
            self.idle.borrow_mut().push(open);
        }
    }

    async fn open(&self, origin: &Rc<Origin>) -> Result<Open, Failure> {
        let stream = timeout(CONNECT_TIMEOUT, self.connect(origin))
            .await
            .unwrap_or(Err(TransportError::Timeout(CONNECT_TIMEOUT).into()))?;
        let socket = if self.is_own { None } else { SockRef::from(tcp(&stream)).try_clone().ok() };
        let (stream, traffic) = Watched::new(TokioIo::new(stream));
        let (sender, connection) = Builder::new()
            .title_case_headers(true)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| TransportError::Broken(innermost(&error)))?;
        let (origin, since) = (Rc::clone(origin), Instant::now());
        Ok(Open { origin, since, traffic, socket, sender, connection: Some(Box::new(connection)) })
    }

    async fn connect(&self, origin: &Origin) -> Result<MaybeHttpsStream<TokioIo<TcpStream>>, Failure> {
        let uri = origin.uri()?;
        if !origin.https {
            let tcp = self.tcp.clone().call(uri).await;
            return Ok(tcp.map_err(|error| TransportError::Connect(innermost(&error)))?.into());
        }
        let tls = if let Some(tls) = self.tls.get() {
            tls
        } else {
            let config = self.transport.tls(b"http/1.1")?;
            self.tls.get_or_init(|| (self.tcp.clone(), config).into())
        };
        tls.clone().call(uri).await.map_err(|error| {
            let error = &*error;
            if tls::refuses_version(error) {
                return Failure::VersionRefused;
            }
            let tls = tls::cause(error).map(|cause| TransportError::Tls(tls::said(cause)));
            tls.unwrap_or_else(|| TransportError::Connect(innermost(error))).into()
        })
    }
}

/// The socket below.
fn tcp(stream: &MaybeHttpsStream<TokioIo<TcpStream>>) -> &TcpStream {
    match stream {
        MaybeHttpsStream::Http(stream) => stream.inner(),
        MaybeHttpsStream::Https(stream) => stream.inner().get_ref().0.inner().inner(),
    }
}

impl Open {
    /// Whether nothing has arrived since the last answer: there is nothing to arrive but a farewell. The runtime would see it
    /// only when it asks the system the next time.
    fn is_quiet(&self) -> bool {
        self.socket.as_ref().is_none_or(|socket| {
            let peeked = socket.peek(&mut [MaybeUninit::uninit()]);
            peeked.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
        })
    }

    /// One exchange; a request of which nothing was sent comes back.
    async fn exchange(
        &mut self,
        request: Request,
        (sent, limits): (&crate::wire::message::request::Request, &Limits),
        interim: &AtomicUsize,
    ) -> Result<Reply, (TransportError, Option<Request>)> {
        let Self { sender, connection, traffic, .. } = self;
        traffic.reset();
        let broken = |error: &hyper::Error| TransportError::Broken(innermost(error));
        let exchange = async {
            if let Err(error) = sender.ready().await {
                return Err((broken(&error), Some(request)));
            }
            let response = sender.try_send_request(request).await.map_err(|mut error| {
                let unsent = error.take_message();
                (broken(error.error()), unsent)
            })?;
            let (head, mut body) = response.into_parts();
            let taken = async {
                let mut intake = Intake::new(limits, sent, &head.headers, body.size_hint().lower())?;
                read(&mut body, &mut intake).await
            };
            let (body, decoded) = taken.await.map_err(|error| (error, None))?;
            Ok(Reply { status: head.status, headers: head.headers, body, decoded })
        };
        over(connection, exchange, interim).await
    }
}

/// Waits for an exchange, and moves the connection on that it is over.
async fn over<T>(
    connection: &mut Option<Box<Connection<Stream, Full<Bytes>>>>,
    exchange: impl Future<Output = Result<T, (TransportError, Option<Request>)>>,
    interim: &AtomicUsize,
) -> Result<T, (TransportError, Option<Request>)> {
    let mut exchange = pin!(exchange);
    poll_fn(|context| {
        // The connection first: it may have been closed while nobody used it. Twice, since a body mostly comes with its head.
        for _ in 0..2 {
            if connection.as_mut().is_some_and(|open| Pin::new(open).poll(context).is_ready()) {
                // What went wrong is told to the exchange; that it is over, when it is dropped.
                *connection = None;
            }
            if interim.load(Ordering::Relaxed) > MOST_INTERIM {
                let what = format!("it sent more than {MOST_INTERIM} interim responses (1xx)");
                return Poll::Ready(Err((TransportError::Broken(what), None)));
            }
            if let Poll::Ready(done) = exchange.as_mut().poll(context) {
                return Poll::Ready(done);
            }
        }
        Poll::Pending
    })
    .await
}

async fn read(incoming: &mut Incoming, intake: &mut Intake<'_>) -> Result<(Body, bool), TransportError> {
    let mut pieces = 0;
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| TransportError::Broken(innermost(&error)))?;
        // Else trailers, which SCIM has no use for.
        let Some(part) = frame.data_ref() else { continue };
        pieces += 1;
        if pieces > MOST_PIECES {
            return Err(TransportError::Broken(format!("its body has more than {MOST_PIECES} chunks")));
        }
        if intake.gather(part)? == Next::PassOn {
            Box::pin(intake.pass_on(part)).await?;
        }
    }
    match intake.end()? {
        Some(end) => Ok(end),
        None => Box::pin(intake.end_large()).await,
    }
}
