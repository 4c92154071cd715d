//! Writes exchanges down as they come.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::foreign::{Foreign, json_pretty};
use crate::outcome::Naming;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::{Answer, Exchange, Lost, Purpose, Redactor, Response, Surface, Target};

use super::alias::Aliases;

/// The longest transcript.
const MOST: usize = 4 * 1024 * 1024;

/// A transcript that is being written.
#[derive(Debug)]
pub struct Transcript {
    naming: Naming,
    base: String,
    origin: String,
    aliases: Aliases,
    redactor: Redactor,
    text: String,
}

impl Transcript {
    /// An empty transcript of what goes to a target.
    pub fn new(naming: &Naming, target: &Target) -> Self {
        let base = target.scim.clone();
        let path = base.find("://").and_then(|at| base[at + 3..].find('/').map(|slash| at + 3 + slash));
        let origin = base[..path.unwrap_or(base.len())].to_owned();
        let redactor = target.redactor();
        Self {
            naming: naming.clone(),
            base,
            origin,
            aliases: Aliases::default(),
            redactor,
            text: String::new(),
        }
    }

    /// Writes an exchange down, unless it is one that another run need not have: what asked for patience and was sent
    /// again, what cleans up, and what the product's own interface is asked.
    pub fn note(&mut self, exchange: &Exchange) {
        let request = &exchange.request;
        if request.purpose == Purpose::Cleanup || request.surface == Surface::Rest || asked_to_wait(exchange)
        {
            return;
        }
        // An endpoint may say back what it was sent.
        let redactor = self.redactor.for_request(request);
        if self.text.len() > MOST {
            return;
        }
        let sent = request.body.as_deref().map(|body| self.body(&redactor.body(body)));
        if let Some(sent) = &sent {
            self.aliases.meet_sent(sent);
        }
        let mut received = exchange.response().map(|response| {
            // Of a large body, what was kept of it says more than its beginning.
            let kept = response.json().filter(|_| response.is_cut()).map(Value::to_string);
            (response, self.body(&redactor.body(kept.as_ref().unwrap_or(&response.body))))
        });
        let kind = ResourceKind::from_endpoint(
            request.path().trim_start_matches('/').split('/').next().unwrap_or(""),
        );
        if let (Some(kind), Some((_, body))) = (kind, received.as_mut().filter(|_| exchange.is_success())) {
            self.meet(kind, request.method.writes(), request.target.contains("filter="), body);
        }
        let target = self.naming.read_all(&request.target);
        let target = self.aliases.text(&target, false);
        let _ = writeln!(self.text, "{} {}", request.method, Foreign::new(&target).line());
        self.write_body(sent.as_ref());
        match &exchange.answer {
            Answer::Response(response) => {
                let line = self.status_line(response);
                let _ = writeln!(self.text, "  {}{}", Foreign::new(&line).line(), staged(response));
            }
            Answer::Failed(_) => self.text.push_str("  no whole answer\n"),
            Answer::Withheld(_) => {
                self.text.push_str("  withheld: it would write to what the run did not create\n");
            }
        }
        let received = received.map(|(_, body)| body);
        self.write_body(received.as_ref());
        if self.text.len() > MOST {
            self.text.truncate(self.text.floor_char_boundary(MOST));
            self.text.push_str("\n… (the transcript is longer than 4 MiB)\n");
        }
    }

    /// How much was written so far.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing was written so far.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes back what was written after that much: it is read once more.
    pub fn rewind(&mut self, len: usize) {
        self.text.truncate(len);
    }

    /// What was written so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn body(&self, text: &str) -> Value {
        let text = self.naming.read_all(text);
        let text = text.replace(&self.base, "<base>").replace(&self.origin, "<origin>");
        match serde_json::from_str(&text) {
            Ok(body) => body,
            Err(_) if text.is_empty() => Value::Null,
            Err(_) => Value::String(text),
        }
    }

    /// Notes the resources of an answer. Of a list that nothing narrows, what others have there is left out.
    fn meet(&mut self, kind: ResourceKind, writes: bool, filtered: bool, body: &mut Value) {
        let Some(resources) = get(body, "Resources").and_then(Value::as_array).cloned() else {
            if body.is_object() {
                self.aliases.meet(kind, body);
            }
            return;
        };
        if writes {
            return;
        }
        if filtered || self.naming.token().is_none() {
            let mut resources = resources;
            resources.sort_by_cached_key(|resource| {
                ["userName", "displayName"].map(|name| get(resource, name).map(Value::to_string))
            });
            for resource in &resources {
                self.aliases.meet(kind, resource);
            }
            return;
        }
        let ours: Vec<Value> =
            resources.into_iter().filter(|resource| self.aliases.knows(resource)).collect();
        if let Some(object) = body.as_object_mut() {
            for (name, value) in object.iter_mut() {
                match name.to_ascii_lowercase().as_str() {
                    "resources" => *value = json!(ours),
                    "totalresults" | "itemsperpage" => *value = json!("<count>"),
                    _ => {}
                }
            }
        }
    }

    fn status_line(&mut self, response: &Response) -> String {
        let mut line = response.status.to_string();
        if let Some(kind) = response.header("content-type") {
            let _ = write!(line, " {}", kind.to_ascii_lowercase().replace(' ', ""));
        }
        if let Some(location) = response.header("location") {
            let location = location.replace(&self.base, "<base>").replace(&self.origin, "<origin>");
            let _ = write!(line, " Location:{}", self.aliases.text(&location, true));
        }
        if let Some(etag) = response.header("etag") {
            let id =
                response.json().and_then(|body| get(body, "id")).and_then(Value::as_str).unwrap_or_default();
            let owner = self.aliases.text(id, true);
            let _ = write!(line, " ETag:{}", self.aliases.of_resource("version", etag, &owner));
        }
        line
    }

    fn write_body(&mut self, body: Option<&Value>) {
        let Some(body) = body.filter(|body| !body.is_null()) else { return };
        let body = self.aliases.value(body);
        let text = json_pretty(&body).unwrap_or_default();
        for line in text.lines() {
            let _ = writeln!(self.text, "    {line}");
        }
    }
}

/// Who answered, where it was not the endpoint.
fn staged(response: &Response) -> &'static str {
    match response.intercepted {
        None => "",
        Some(Lost::Request) => "  (staged: the request never arrived)",
        Some(Lost::Answer) => "  (staged: in place of the endpoint's answer)",
    }
}

/// Whether the endpoint asked for patience, so that the same request comes again.
fn asked_to_wait(exchange: &Exchange) -> bool {
    exchange.response().is_some_and(|response| {
        response.intercepted.is_none()
            && (response.status == 429
                || (response.status == 503 && response.header("retry-after").is_some()))
    })
}
