//! Reads faults: requests and answers that are lost or intercepted.

use std::ops::RangeInclusive;

use crate::diag::{At, Diagnostic};
use crate::wire::{Loss, Lost, Method};

use super::resolver::at;
use super::steps::Reader;
use crate::scenario::dto::{InterceptDto, LoseDto, Word};
use crate::scenario::model::interception::Interception;

/// The collections whose requests, and those of what is in them, can be lost.
const LOSABLE: [&str; 3] = ["/Users", "/Groups", "/ServiceProviderConfig"];
/// How many requests one step intercepts: more than any provider sends again by itself.
const TIMES: RangeInclusive<u16> = 1..=1_000;
/// Statuses that end an answer (RFC 9110 §15).
const FINAL: RangeInclusive<u16> = 200..=599;

impl Reader<'_> {
    pub(in crate::scenario) fn lose(&self, lose: LoseDto) -> Result<Loss, Diagnostic> {
        let (lost, word) = match lose {
            LoseDto::Request(word) => (Lost::Request, word),
            LoseDto::Answer(word) => (Lost::Answer, word),
        };
        let (method, collection) = self.kind_of_request(&word)?;
        Ok(Loss { lost, method, collection, instead: None })
    }

    pub(in crate::scenario) fn intercept(
        &self,
        dto: InterceptDto,
        place: At,
    ) -> Result<Interception, Diagnostic> {
        let (kept_back, word) = match (&dto.request, &dto.answer) {
            (Some(word), None) => (Lost::Request, word),
            (None, Some(word)) => (Lost::Answer, word),
            (Some(_), Some(answer)) => {
                return Err(self
                    .error(at(answer), "a step intercepts either the `request` or the `answer`")
                    .help("an intercepted request never reaches the endpoint; with an intercepted answer, the request takes effect"));
            }
            (None, None) => {
                return Err(self.error(place, "`intercept` needs a `request` or an `answer`").help(
                    "write `request: POST /Users` for a request that never arrives, or `answer: POST /Users` for one that takes effect",
                ));
            }
        };
        let (method, collection) = self.kind_of_request(word)?;
        if let Some(status) = dto.status.as_ref().filter(|status| !FINAL.contains(&status.value)) {
            return Err(self.error(at(status), format!("{} is not a final HTTP status", status.value)));
        }
        if dto.status.is_none() && kept_back == Lost::Request {
            return Err(self.error(at(word), "an intercepted request needs a `status`"));
        }
        let body = self.body(dto.json.as_ref(), dto.text)?.map(|(body, _)| body);
        if dto.status.is_none() && dto.headers.is_empty() && body.is_none() {
            return Err(self
                .error(at(word), "the replacement for the answer is missing")
                .help("write a `status`, `headers`, or a body as `json` or `text`"));
        }
        if let Some(times) = dto.times.as_ref().filter(|times| !TIMES.contains(&times.value)) {
            let message = format!("`times` must be {} to {}", TIMES.start(), TIMES.end());
            return Err(self.error(at(times), message));
        }
        Ok(Interception {
            kept_back,
            method,
            collection,
            times: dto.times.map_or(1, |times| times.value),
            status: dto.status.map(|status| status.value),
            headers: dto.headers.into_iter().collect(),
            body,
        })
    }

    /// A method and a collection.
    fn kind_of_request(&self, word: &Word) -> Result<(Method, String), Diagnostic> {
        let (method, collection) = word.value.split_once(' ').unwrap_or((&word.value, ""));
        match Method::parse(method) {
            Some(method) if LOSABLE.contains(&collection) => Ok((method, collection.to_owned())),
            _ => Err(self
                .error(at(word), "expected METHOD and collection, such as `POST /Users`")
                .help(format!("the collections are {}", LOSABLE.join(", ")))),
        }
    }
}
