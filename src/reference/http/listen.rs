//! The listener: takes connections in, and sees that none of them harms the others.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use futures_util::future::Either;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::answer::Answer;
use super::connection::{Order, Phase};
use super::crowd::{Crowd, Seat};
use super::intake::Intake;
use super::limits::ServeLimits;
use super::log::{Entry, Logged};
use super::stream::Io;
use crate::scim::error::ScimError;

/// How often it is looked who has used up their time.
const SWEEP: Duration = Duration::from_millis(250);
/// How long nobody is taken in after the system refused to.
const PAUSE: Duration = Duration::from_millis(100);
/// How much is read ahead of what is answered, which also bounds the head of a request.
const READ_AHEAD: usize = 64 * 1024;
/// What a client is told whose head took too long, in its own words to nobody in particular.
const TIMED_OUT: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// What answers the requests that come by a connection.
pub(crate) trait Answers: Clone + Send + Sync + 'static {
    /// What is known of a request that was looked at and not answered.
    type Admitted: Send + 'static;

    /// Whether a request is meant for this endpoint; `local` is where its connection was accepted.
    fn admit(&self, parts: &mut Parts, local: Option<SocketAddr>) -> Result<(), Answer>;

    /// Looks at the head of a request, and answers it where nobody has to be waited for.
    fn begin(&self, parts: &Parts) -> Begun<Self::Admitted>;

    /// Answers a request, which need not have [begun](Self::begin).
    fn finish(
        self,
        parts: Parts,
        content: Body,
        admitted: Option<Self::Admitted>,
    ) -> impl Future<Output = Answer> + Send;
}

/// A request that was looked at: answered, or to be gone on with.
pub(crate) type Begun<A> = ControlFlow<Answer, Option<A>>;
/// An answer: what only reads is there at once, and nothing is kept for it.
pub(crate) type Answering = Either<Ready<Answered>, Pin<Box<dyn Future<Output = Answered> + Send>>>;
type Answered = Result<Response<Body>, Infallible>;

/// Serves what `endpoint` answers until `shutdown` is done; requests that have begun are answered.
pub(crate) async fn serve(
    listener: TcpListener,
    endpoint: impl Answers,
    limits: ServeLimits,
    log: Option<SyncSender<Logged>>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let crowd = Arc::new(Crowd::new(limits));
    let mut http = http1::Builder::new();
    http.max_buf_size(READ_AHEAD).pipeline_flush(false);
    let mut sweep = interval(SWEEP);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            _ = sweep.tick() => crowd.sweep(),
            stream = next(&listener, &crowd) => {
                let local = stream.local_addr().ok();
                let service = Attended { endpoint: endpoint.clone(), seat: crowd.seat(), local, log: log.clone() };
                tokio::spawn(attend(http.clone(), stream, service));
            }
        }
    }
    drop(listener);
    crowd.disperse().await;
}

/// The next connection, once there is room for it. Whatever the system says, it is asked again.
async fn next(listener: &TcpListener, crowd: &Crowd) -> TcpStream {
    loop {
        crowd.make_room().await;
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_of_the_client(&error) => {}
            // Descriptors or memory are out, perhaps because of others.
            Err(_) => {
                crowd.send_one_away();
                sleep(PAUSE).await;
            }
        }
    }
}

fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Answers what comes by a connection until it ends, or has to.
async fn attend<E: Answers>(http: http1::Builder, stream: TcpStream, service: Attended<E>) {
    let seat = Arc::clone(&service.seat);
    let io = TokioIo::new(Io { stream, seat: Arc::clone(&seat) });
    let mut connection = http.serve_connection(io, service);
    loop {
        let order = tokio::select! {
            biased;
            // Whether the client went as it should does not matter.
            _ = &mut connection => return,
            order = seat.connection.told() => order,
        };
        match order {
            Order::Finish => Pin::new(&mut connection).graceful_shutdown(),
            Order::TimedOut => {
                let stream = connection.into_parts().io.into_inner().stream;
                let _ = stream.try_write(TIMED_OUT);
                return;
            }
            Order::None | Order::Close => return,
        }
    }
}

/// The endpoint as one connection sees it.
struct Attended<E> {
    endpoint: E,
    seat: Arc<Seat>,
    local: Option<SocketAddr>,
    log: Option<SyncSender<Logged>>,
}

impl<E: Answers> hyper::service::Service<Request<Incoming>> for Attended<E> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        let seat = &self.seat;
        seat.connection.enter(Phase::Work);
        let (mut parts, content) = request.into_parts();
        let entry = Entry::begin(self.log.as_ref(), &parts);
        let begun = match self.endpoint.admit(&mut parts, self.local) {
            Ok(()) if seat.crowd.has_room() => self.endpoint.begin(&parts),
            Ok(()) => ControlFlow::Continue(None),
            Err(refused) => ControlFlow::Break(refused),
        };
        let admitted = match begun {
            ControlFlow::Break(answer) => return Either::Left(ready(Ok(sent(seat, entry, answer)))),
            ControlFlow::Continue(admitted) => admitted,
        };
        if !content.is_end_stream() {
            parts.extensions.insert(Intake(Arc::clone(seat)));
        }
        let (endpoint, seat) = (self.endpoint.clone(), Arc::clone(seat));
        Either::Right(Box::pin(async move {
            let answer = if seat.crowd.has_room() || seat.crowd.room().await {
                endpoint.finish(parts, Body::new(content), admitted).await
            } else {
                ScimError::new(503, "too many responses are waiting to be read; try again later").into()
            };
            Ok(sent(&seat, entry, answer))
        }))
    }
}

/// The answer as HTTP, from now on waiting to be read.
fn sent(seat: &Seat, entry: Option<Entry>, answer: Answer) -> Response<Body> {
    let mut response = answer.into_http();
    if let Some(entry) = entry {
        entry.end(response.status().as_u16());
    }
    if matches!(response.status(), StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let length = response.body().size_hint().lower();
    seat.answering(usize::try_from(length).unwrap_or(usize::MAX));
    response
}
