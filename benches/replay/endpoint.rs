//! A small, fast SCIM endpoint in memory, on a thread of its own, that writes down what it is sent.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::request::Parts;
use axum::http::{Method, Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use scimsnap::scim::{Leniency, ListQuery, PatchRequest, ResourceKind, ScimError};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::traffic::Received;

const MOST_BYTES: usize = 1 << 20;

/// The running endpoint. It ends with the process.
pub(crate) struct Endpoint {
    /// Its SCIM base URL.
    pub(crate) base: String,
    store: Shared,
}

type Shared = Arc<Mutex<Store>>;

#[derive(Default)]
struct Store {
    made: usize,
    /// Users by id, as the text that they are answered with.
    users: BTreeMap<String, String>,
    /// Ids by `userName`, in lower case.
    ids: BTreeMap<String, String>,
    log: Option<Vec<Received>>,
}

impl Endpoint {
    /// Starts it on a free port.
    pub(crate) fn start() -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let base = format!("http://{}/scim", listener.local_addr()?);
        let store = Shared::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (own, shared) = (base.clone(), Arc::clone(&store));
        std::thread::spawn(move || runtime.block_on(serve(listener, &own, &shared)));
        Ok(Self { base, store })
    }

    /// Forgets everything, and writes down what comes from now on, or does not.
    pub(crate) fn reset(&self, log: bool) {
        let fresh = Store { log: log.then(Vec::new), ..Store::default() };
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// What was received since the last reset.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).log.take().unwrap_or_default()
    }
}

/// Connections are served without a framework, which would only take time from what is compared.
async fn serve(listener: std::net::TcpListener, base: &str, store: &Shared) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let base: Arc<str> = base.into();
    loop {
        let (stream, _) = listener.accept().await?;
        let (base, store) = (Arc::clone(&base), Arc::clone(store));
        let service = service_fn(move |request: Request<Incoming>| {
            let (base, store) = (Arc::clone(&base), Arc::clone(&store));
            async move {
                let (parts, body) = request.into_parts();
                let body = if body.is_end_stream() {
                    Bytes::new()
                } else {
                    axum::body::to_bytes(Body::new(body), MOST_BYTES).await.unwrap_or_default()
                };
                Ok::<_, Infallible>(answer(&base, &store, &parts, &body))
            }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

fn answer(base: &str, store: &Shared, parts: &Parts, body: &Bytes) -> Response<Body> {
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    let target = target.strip_prefix("/scim").unwrap_or(target);
    let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
    let done = store.act(base, &parts.method, target, body).unwrap_or_else(|error| {
        let body = Some(error.to_value().to_string());
        Done { status: error.status, id: None, body }
    });
    if let Some(log) = &mut store.log {
        let headers = parts
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        log.push(Received {
            method: parts.method.as_str().to_owned(),
            target: target.to_owned(),
            headers: headers.collect(),
            body: String::from_utf8_lossy(body).into_owned(),
            id: done.id.clone(),
        });
    }
    drop(store);
    let mut response = Response::builder().status(done.status);
    if let Some(id) = done.id.filter(|_| done.status == 201) {
        response = response.header(header::LOCATION, location(base, &id));
    }
    let body = match done.body {
        None => Body::empty(),
        Some(body) => {
            response = response.header(header::CONTENT_TYPE, "application/scim+json; charset=utf-8");
            Body::from(body)
        }
    };
    response.body(body).unwrap_or_default()
}

/// What a request came to.
struct Done {
    status: u16,
    /// That of the user in the answer.
    id: Option<String>,
    body: Option<String>,
}

fn location(base: &str, id: &str) -> String {
    format!("{base}/Users/{id}")
}

impl Store {
    fn act(&mut self, base: &str, method: &Method, target: &str, body: &Bytes) -> Result<Done, ScimError> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let id = path.strip_prefix("/Users").ok_or_else(|| ScimError::not_found("no such path"))?;
        let id = id.trim_start_matches('/');
        let read = || -> Result<Value, ScimError> {
            serde_json::from_slice(body).map_err(|error| ScimError::new(400, error.to_string()))
        };
        match (method.as_str(), id) {
            ("GET", "") => self.list(query),
            ("POST", "") => self.create(base, read()?),
            ("GET", id) => {
                Ok(Done { status: 200, id: Some(id.to_owned()), body: Some(self.user(id)?.to_owned()) })
            }
            ("PUT", id) => {
                let mut user = read()?;
                let before = self.value(id)?;
                user["id"] = before["id"].clone();
                user["meta"] = before["meta"].clone();
                Ok(self.store(200, id, &user))
            }
            ("PATCH", id) => {
                let patch = PatchRequest::parse(&read()?, &Leniency::all())?;
                let mut user = self.value(id)?;
                patch.apply(ResourceKind::User, &mut user, &Leniency::all())?;
                Ok(self.store(200, id, &user))
            }
            ("DELETE", id) => {
                let name = folded_name(&self.value(id)?);
                self.ids.remove(&name);
                self.users.remove(id);
                Ok(Done { status: 204, id: None, body: None })
            }
            _ => Err(ScimError::new(405, "method not allowed")),
        }
    }

    fn user(&self, id: &str) -> Result<&str, ScimError> {
        self.users.get(id).map(String::as_str).ok_or_else(|| ScimError::not_found("no such user"))
    }

    fn value(&self, id: &str) -> Result<Value, ScimError> {
        serde_json::from_str(self.user(id)?).map_err(|error| ScimError::new(500, error.to_string()))
    }

    fn create(&mut self, base: &str, mut user: Value) -> Result<Done, ScimError> {
        if self.ids.contains_key(&folded_name(&user)) {
            return Err(ScimError::uniqueness("userName is taken"));
        }
        self.made += 1;
        let id = format!("{:08x}-2819-413c-8e9b-0c1d7e3a5f00", self.made);
        user["id"] = json!(id);
        user["meta"] = json!({
            "resourceType": "User",
            "created": "2026-01-01T00:00:00Z",
            "lastModified": "2026-01-01T00:00:00Z",
            "location": location(base, &id),
        });
        if let Some(user) = user.as_object_mut() {
            user.shift_remove("password");
        }
        Ok(self.store(201, &id, &user))
    }

    fn store(&mut self, status: u16, id: &str, user: &Value) -> Done {
        if let Ok(before) = self.value(id) {
            self.ids.remove(&folded_name(&before));
        }
        self.ids.insert(folded_name(user), id.to_owned());
        let text = user.to_string();
        self.users.insert(id.to_owned(), text.clone());
        Done { status, id: Some(id.to_owned()), body: Some(text) }
    }

    /// Every filter that providers look users up with is `userName eq "…"`; nothing else is needed here.
    fn list(&self, query: &str) -> Result<Done, ScimError> {
        let query = ListQuery::parse(query)?;
        let found: Vec<&str> = match &query.filter {
            None => self.users.values().map(String::as_str).collect(),
            Some(filter) => {
                let name = filter.strip_prefix("userName eq \"").and_then(|rest| rest.strip_suffix('"'));
                let name = name.ok_or_else(|| ScimError::new(400, "only userName eq is known"))?;
                let id = self.ids.get(&name.to_lowercase());
                id.and_then(|id| self.users.get(id)).map(String::as_str).into_iter().collect()
            }
        };
        let page = found.iter().skip(query.start_index.saturating_sub(1)).take(query.count.unwrap_or(100));
        let page: Vec<&str> = page.copied().collect();
        let body = format!(
            r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":{},"startIndex":{},"itemsPerPage":{},"Resources":[{}]}}"#,
            found.len(),
            query.start_index,
            page.len(),
            page.join(",")
        );
        Ok(Done { status: 200, id: None, body: Some(body) })
    }
}

fn folded_name(user: &Value) -> String {
    user["userName"].as_str().unwrap_or_default().to_lowercase()
}
