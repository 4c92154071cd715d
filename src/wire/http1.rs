//! HTTP/1.1 to the byte: what a provider sends is written as it stands, and `Host` and `Content-Length` are all that is added.

use std::cell::{OnceCell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
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
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tower_service::Service as _;

use super::address::{Address, Origin};
use super::exchange::TransportError;
use super::innermost::innermost;
use super::intake::{Body, Intake, Next};
use super::target::Limits;
use super::tls;
use super::transport::Transport;

/// Longest time to reach the endpoint before it counts as unreachable.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(90);

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
type Request = hyper::Request<Full<Bytes>>;

/// Connections to whom requests were sent.
#[derive(Debug)]
pub(super) struct Http1 {
    transport: Arc<Transport>,
    tcp: HttpConnector,
    tls: OnceCell<HttpsConnector<HttpConnector>>,
    idle: RefCell<Vec<Open>>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    /// Whether the body's coding was undone.
    pub(super) decoded: bool,
}

/// Why nothing came back.
#[derive(Debug)]
pub(super) enum Failure {
    /// TLS was broken off, because this version of HTTP is not spoken there. Nothing was sent.
    VersionRefused,
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
    sender: SendRequest<Full<Bytes>>,
    /// Until it is over.
    connection: Option<Box<Connection<Stream, Full<Bytes>>>>,
}

impl Http1 {
    pub(super) fn new(transport: Arc<Transport>) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        Self { transport, tcp, tls: OnceCell::new(), idle: RefCell::default() }
    }

    /// Sends one request and reads the answer within the limits.
    pub(super) async fn send(
        &self,
        address: Address,
        method: Method,
        mut headers: HeaderMap,
        body: Option<String>,
        (sent, limits): (&super::request::Request, &Limits),
    ) -> Result<Reply, Failure> {
        let Address { origin, target } = address;
        let broken = |error: &dyn std::fmt::Display| TransportError::Broken(error.to_string());
        let uri = Uri::try_from(target).map_err(|error| broken(&error))?;
        let host = HeaderValue::from_str(&origin.authority).map_err(|error| broken(&error))?;
        headers.entry(HOST).or_insert(host);
        let mut request = Request::new(body.map(Bytes::from).unwrap_or_default().into());
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        loop {
            let kept = self.take(&origin);
            let was_kept = kept.is_some();
            let mut open = match kept {
                Some(open) => open,
                None => Box::pin(self.open(&origin)).await?,
            };
            match open.exchange(request, (sent, limits)).await {
                Ok(reply) => {
                    self.keep(open);
                    return Ok(reply);
                }
                // It was closed while nobody used it.
                Err((_, Some(unsent))) if was_kept => request = unsent,
                Err((error, _)) => return Err(error.into()),
            }
        }
    }

    fn take(&self, origin: &Rc<Origin>) -> Option<Open> {
        let mut idle = self.idle.borrow_mut();
        let now = Instant::now();
        idle.retain(|open| now - open.since < IDLE);
        let at = idle.iter().rposition(|open| open.origin == *origin)?;
        Some(idle.remove(at))
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
        let (sender, connection) = Builder::new()
            .title_case_headers(true)
            .handshake(stream)
            .await
            .map_err(|error| TransportError::Broken(innermost(&error)))?;
        let (origin, since) = (Rc::clone(origin), Instant::now());
        Ok(Open { origin, since, sender, connection: Some(Box::new(connection)) })
    }

    async fn connect(&self, origin: &Origin) -> Result<Stream, Failure> {
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
            let tls = tls::cause(error).map(|cause| TransportError::Tls(cause.to_string()));
            tls.unwrap_or_else(|| TransportError::Connect(innermost(error))).into()
        })
    }
}

impl Open {
    /// One exchange; a request of which nothing was sent comes back.
    async fn exchange(
        &mut self,
        request: Request,
        (sent, limits): (&super::request::Request, &Limits),
    ) -> Result<Reply, (TransportError, Option<Request>)> {
        let Self { sender, connection, .. } = self;
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
        over(connection, exchange).await
    }
}

/// Waits for an exchange, and moves the connection on that it is over.
async fn over<T>(
    connection: &mut Option<Box<Connection<Stream, Full<Bytes>>>>,
    exchange: impl Future<Output = T>,
) -> T {
    let mut exchange = pin!(exchange);
    poll_fn(|context| {
        // The connection first: it may have been closed while nobody used it. Twice, since a body mostly comes with its head.
        for _ in 0..2 {
            if connection.as_mut().is_some_and(|open| Pin::new(open).poll(context).is_ready()) {
                // What went wrong is told to the exchange; that it is over, when it is dropped.
                *connection = None;
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
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| TransportError::Broken(innermost(&error)))?;
        // Else trailers, which SCIM has no use for.
        let Some(part) = frame.data_ref() else { continue };
        if intake.gather(part)? == Next::PassOn {
            Box::pin(intake.pass_on(part)).await?;
        }
    }
    match intake.end()? {
        Some(end) => Ok(end),
        None => Box::pin(intake.end_large()).await,
    }
}
