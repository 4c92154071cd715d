//! An endpoint of the test's own, which answers by itself or asks a served one.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::Served;
use super::http::{Call, Reply, send};

/// An endpoint. Its thread ends with the process.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) origin: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Proxy {
    /// A served endpoint whose answers are changed on their way.
    pub(crate) fn changing(
        served: &Served,
        change: impl Fn(&Call, Reply) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let origin = served.origin.clone();
        Self::new(move |_, call| Some(change(call, send(&origin, call))))
    }

    /// A served endpoint that answers a creation with 200.
    pub(crate) fn creating_with_200(served: &Served) -> Self {
        Self::changing(served, |_, reply| Reply {
            status: if reply.status == 201 { 200 } else { reply.status },
            ..reply
        })
    }

    /// Answers each request as `answer` says; nothing hangs up. The number is the request's, from 1.
    pub(crate) fn new(answer: impl Fn(usize, &Call) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&calls), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                std::thread::spawn(move || {
                    let Some(call) = Call::receive(&mut stream) else { return };
                    let number = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(call.clone());
                        seen.len()
                    };
                    if let Some(reply) = answer(number, &call) {
                        reply.write(&mut stream);
                    }
                });
            }
        });
        Self { origin, calls }
    }

    /// What comes, for somebody on another thread.
    pub(crate) fn log(&self) -> Arc<Mutex<Vec<Call>>> {
        Arc::clone(&self.calls)
    }

    /// What came so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

/// A served endpoint behind a proxy that lets in whoever's call is `good`, and passes it on as the endpoint wants it. The
/// number is the call's, from 1. Also the base URL that leads through the proxy.
pub(crate) fn guarded(
    served: &Served,
    good: impl Fn(usize, &Call) -> bool + Send + Sync + 'static,
) -> (Proxy, String) {
    let (origin, token) = (served.origin.clone(), served.token.clone());
    let refusal = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401"}"#;
    let proxy = Proxy::new(move |number, call| {
        let is_good = good(number, call);
        Some(if is_good { send(&origin, &call.with_bearer(&token)) } else { Reply::new(401, refusal) })
    });
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url)
}
