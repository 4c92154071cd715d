//! The exchanges that lead to a fault: what a script has to send again to see it.
//!
//! May use, of `requirement`: `exchange`, `sign`.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::{Exchange, Method, Purpose, Surface};

use super::exchange::attribute::Attribute;
use super::sign::{Clue, MOST_VALUES, Sign};

/// The most writes that are kept, and the most reads: those that may lag are repeated.
const MOST_WRITES: usize = 256;
const MOST_READS: usize = 256;

/// The longest body that is kept whole, in bytes.
const BODY: usize = 16 * 1024;

/// The longest answer that is kept whole, in bytes.
const ANSWER: usize = 4 * 1024;

/// The most that a script sends: exchanges, and bytes of their bodies.
const MOST_STEPS: usize = 64;
const MOST_SENT: usize = 64 * 1024;

/// Why no script can show a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The request was not sent.
    #[error("the request was withheld")]
    Withheld,
    /// Only the product's own interface shows or does it.
    #[error("it is about the product's REST API, and the script speaks SCIM")]
    Rest,
    /// There is nothing that shows it.
    #[error("no SCIM request shows it")]
    Unseen,
    /// More was sent than is kept.
    #[error("more led to it than a script can hold")]
    TooLong,
    /// A request names a resource that a lookup found, such as one that a creation left whose answer was lost.
    #[error("a request is about a resource that no request of the run is known to have created")]
    Found,
    /// The scenario answered a request itself, or kept the answer back.
    #[error("the scenario keeps an answer back")]
    Lost,
    /// What one request does depends on others under way.
    #[error("requests at the same time lead to it")]
    AtOnce,
    /// There are so many causes.
    #[error("so many causes have one already")]
    TooMany,
}

/// What leads to a fault, and how it shows.
#[derive(Debug, Clone)]
pub struct Steps {
    /// The exchanges, in order; the last one shows the fault.
    pub exchanges: Vec<Arc<Exchange>>,
    /// The number of the request that did it.
    pub culprit: Option<usize>,
    /// How it shows in the last one.
    pub sign: Sign,
    /// The token in every name of the pair; none where names are as the scenario has them.
    pub token: Option<String>,
}

/// The latest exchanges of a pair.
#[derive(Debug, Default)]
pub struct Trail {
    token: Option<String>,
    /// Whether outcomes were read where only the product shows them.
    is_of_product: bool,
    /// Whether exchanges overlap, and the numbers of those that did.
    at_once: bool,
    overlapping: BTreeSet<usize>,
    writes: VecDeque<Arc<Exchange>>,
    reads: VecDeque<Arc<Exchange>>,
}

impl Trail {
    /// An empty one of a pair whose names have this token.
    pub fn new(token: Option<&str>) -> Self {
        Self { token: token.map(str::to_owned), ..Self::default() }
    }

    /// Says whether the exchanges that follow overlap.
    pub fn at_once(&mut self, at_once: bool) {
        self.at_once = at_once;
    }

    /// Takes an exchange in.
    pub fn note(&mut self, exchange: &Arc<Exchange>) {
        let request = &exchange.request;
        self.is_of_product |= request.surface == Surface::Rest && request.purpose == Purpose::Read;
        if request.surface == Surface::Rest || request.purpose == Purpose::Cleanup || !exchange.left() {
            return;
        }
        if self.at_once {
            self.overlapping.insert(exchange.number);
        }
        let is_long = request.body.as_ref().is_some_and(|body| body.len() > ANSWER);
        let kept = exchange.light(if is_long { BODY } else { ANSWER });
        if request.method.writes() {
            if self.writes.len() == MOST_WRITES {
                self.writes.pop_front();
            }
            self.writes.push_back(kept);
        } else {
            if self.reads.len() == MOST_READS {
                self.reads.pop_front();
            }
            self.reads.push_back(kept);
        }
    }

    /// What leads to an outcome that changed after a write: a read of what the write was about shows it. `kinds` say what
    /// differs: `customer-active`.
    pub fn outcome(&self, after: Option<&Exchange>, kinds: &[String]) -> Result<Steps, Unfit> {
        let after = after.ok_or(Unfit::Unseen)?;
        if after.request.surface == Surface::Rest || self.is_of_product {
            return Err(Unfit::Rest);
        }
        let is_of = |kind: ResourceKind| {
            let word = if kind == ResourceKind::User { "customer-" } else { "organization-" };
            kinds.iter().any(|each| each.starts_with(word))
        };
        let mut mentioned = Mentioned::default();
        mentioned.add(after);
        let shows = |read: &&Arc<Exchange>| {
            read.number > after.number
                && read.request.purpose == Purpose::Read
                && kind(read).is_some_and(is_of)
                && id_in(read).is_some_and(|id| mentioned.names_id(&id.to_lowercase()))
        };
        let read = self.reads.iter().find(shows).ok_or(Unfit::Unseen)?;
        let mut sign = Sign::by_default(read).ok_or(Unfit::Unseen)?;
        if !sign.is_whole {
            return self.steps(Some(after.number), read, Some(&sign));
        }
        let fields: Vec<&str> =
            kinds.iter().filter_map(|each| each.split_once('-')).map(|each| each.1).collect();
        if !sign.narrow(&fields) {
            return Err(Unfit::Unseen);
        }
        self.steps(Some(after.number), read, Some(&sign))
    }

    /// Whether exchanges name a resource that a lookup found and none of them created.
    fn names_found(&self, exchanges: &[Arc<Exchange>], mentioned: &Mentioned) -> bool {
        let created: BTreeSet<&str> = exchanges.iter().filter_map(|exchange| created(exchange)).collect();
        let found = self.reads.iter().filter_map(|read| get(read.json()?, "Resources")?.as_array());
        let mut ids = found.flatten().filter_map(|resource| get(resource, "id")?.as_str());
        ids.any(|id| !id.is_empty() && !created.contains(id) && mentioned.names_id(&id.to_lowercase()))
    }

    fn find(&self, number: usize) -> Option<&Arc<Exchange>> {
        self.writes.iter().chain(&self.reads).find(|exchange| exchange.number == number)
    }

    /// What leads to a fault that shows in `shown`.
    pub fn steps(
        &self,
        culprit: Option<usize>,
        shown: &Exchange,
        sign: Option<&Sign>,
    ) -> Result<Steps, Unfit> {
        if shown.request.surface == Surface::Rest {
            return Err(Unfit::Rest);
        }
        let mut sign = sign.cloned().or_else(|| Sign::by_default(shown)).ok_or(Unfit::Unseen)?;
        let last = sign.exchange.unwrap_or(shown.number);
        let last =
            self.find(last).ok_or(if shown.status() == 0 { Unfit::Withheld } else { Unfit::TooLong })?;
        let mut needed: BTreeSet<usize> = BTreeSet::from([last.number]);
        needed.extend(culprit.filter(|culprit| *culprit < last.number));
        needed.extend(sign.clues.iter().filter_map(Clue::exchange));
        let mut mentioned = Mentioned::default();
        let mut focus = Mentioned::default();
        for number in needed.iter().copied().collect::<Vec<_>>() {
            mentioned.add(self.find(number).ok_or(Unfit::TooLong)?);
        }
        focus.add(last);
        for text in sign.clues.iter().filter_map(Clue::text).chain(sign.about.as_deref()) {
            for mentioned in [&mut mentioned, &mut focus] {
                mentioned.text.extend(["\"", &text.to_lowercase(), "\"\n"]);
            }
        }
        // A group that whoever it is about is put into, or taken out of, may matter to them elsewhere.
        let users: Vec<String> =
            self.writes.iter().filter_map(|write| created(write)).map(str::to_lowercase).collect();
        let users: Vec<&String> = users.iter().filter(|id| focus.names_id(id)).collect();
        loop {
            let before = needed.len();
            for write in self.writes.iter().rev().filter(|write| write.number < last.number) {
                // What was refused may have been done all the same.
                let may_matter = write.is_success() || (id_in(write).is_some() && write.status() >= 400);
                if !needed.contains(&write.number)
                    && may_matter
                    && (mentioned.is_about(write) || names_one_of(write, &users))
                {
                    needed.insert(write.number);
                    mentioned.add(write);
                }
            }
            if needed.len() == before {
                break;
            }
        }
        let exchanges: Vec<Arc<Exchange>> =
            needed.iter().filter_map(|number| self.find(*number)).cloned().collect();
        let sent = |exchange: &Arc<Exchange>| exchange.request.body.as_ref().map_or(0, |body| body.len());
        let is_cut = exchanges.iter().any(|exchange| sent(exchange) > BODY);
        if is_cut || exchanges.len() > MOST_STEPS || exchanges.iter().map(sent).sum::<usize>() > MOST_SENT {
            return Err(Unfit::TooLong);
        }
        if needed.iter().any(|number| self.overlapping.contains(number)) {
            return Err(Unfit::AtOnce);
        }
        if exchanges.iter().any(|exchange| exchange.intercepted().is_some()) {
            return Err(Unfit::Lost);
        }
        if self.names_found(&exchanges, &mentioned) {
            return Err(Unfit::Found);
        }
        // What an endpoint makes up is another value each time.
        let is_sent = |clue: &Clue| {
            clue.text()
                .is_none_or(|text| text.starts_with("urn:") || mentioned.text.contains(&text.to_lowercase()))
        };
        if sign.is_whole {
            // What is missing counts as well.
            let values = sign.clues.iter().filter(|clue| matches!(clue, Clue::There { .. })).count();
            sign.clues.retain(is_sent);
            if values < MOST_VALUES {
                sign.clues.push(Clue::Values { value: values as u64 });
            }
        }
        Ok(Steps { exchanges, culprit, sign, token: self.token.clone() })
    }
}

/// What the requests of a script are about.
#[derive(Default)]
struct Mentioned {
    /// Everything that they say, in lower case.
    text: String,
    /// Kinds that are listed without a filter.
    listed: BTreeSet<ResourceKind>,
}

impl Mentioned {
    fn add(&mut self, exchange: &Exchange) {
        let request = &exchange.request;
        let target = percent_decode_str(&request.target).decode_utf8_lossy().replace('+', " ");
        self.text.push_str(&target.to_lowercase());
        // The decoded target of an address with a plus has lost it.
        self.text.push('\n');
        self.text.push_str(&percent_decode_str(&request.target).decode_utf8_lossy().to_lowercase());
        self.text.push('\n');
        if let Some(body) = &request.body {
            self.text.push_str(&body.to_lowercase());
            self.text.push('\n');
        }
        if request.method == Method::Get
            && id_in(exchange).is_none()
            && !request.query().is_some_and(|query| query.contains("filter="))
        {
            self.listed.extend(kind(exchange));
        }
        if let Some(created) = created(exchange) {
            self.text.extend(["\"", &created.to_lowercase(), "\"\n"]);
        }
    }

    /// Whether a write changed what one of them names.
    fn is_about(&self, write: &Exchange) -> bool {
        let Some(kind) = kind(write) else { return false };
        if self.listed.contains(&kind) {
            return true;
        }
        if let Some(id) = id_in(write).or_else(|| created(write).map(str::to_owned))
            && self.names_id(&id.to_lowercase())
        {
            return true;
        }
        let sent = write.request.json();
        let name = sent.and_then(|sent| Attribute::key(kind).value(sent)?.as_str()).unwrap_or_default();
        let name = name.trim().to_lowercase();
        let quoted = serde_json::Value::from(name.as_str()).to_string();
        name.len() > 1 && (self.text.contains(quoted.trim_matches('"')) || self.text.contains(&name))
    }

    fn names_id(&self, id: &str) -> bool {
        let sides = |at: usize| {
            let before = self.text[..at].chars().next_back();
            let after = self.text[at + id.len()..].chars().next();
            matches!(before, Some('"' | '/')) && matches!(after, Some('"' | '/' | '?' | '\\' | '\n'))
        };
        self.text.match_indices(id).any(|(at, _)| sides(at))
    }
}

/// Whether a write to a group names one of these users.
fn names_one_of(write: &Exchange, users: &[&String]) -> bool {
    if kind(write) != Some(ResourceKind::Group) || users.is_empty() {
        return false;
    }
    let text = write.request.body.as_ref().map(|body| body.to_lowercase()).unwrap_or_default();
    let mentioned = Mentioned { text, ..Mentioned::default() };
    users.iter().any(|id| mentioned.names_id(id))
}

fn kind(exchange: &Exchange) -> Option<ResourceKind> {
    let segment = exchange.request.path().trim_start_matches('/').split('/').next()?;
    ResourceKind::from_endpoint(segment)
}

/// The id in a path.
fn id_in(exchange: &Exchange) -> Option<String> {
    let id = exchange.request.path().trim_start_matches('/').split_once('/')?.1;
    Some(percent_decode_str(id).decode_utf8_lossy().into_owned()).filter(|id| !id.is_empty())
}

/// The id of what an exchange created.
pub(crate) fn created(exchange: &Exchange) -> Option<&str> {
    let is_create = exchange.request.method == Method::Post && id_in(exchange).is_none();
    if !is_create || !exchange.is_success() {
        return None;
    }
    get(exchange.json()?, "id")?.as_str().filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::requirement::tests::story::{Story, list, user};
    use crate::wire::{Answer, Lost};

    /// An exchange, with its number.
    fn exchange(
        number: usize,
        method: Method,
        target: &str,
        sent: Option<&Value>,
        answer: &Value,
    ) -> Arc<Exchange> {
        let status = if method == Method::Post { 201 } else { 200 };
        let exchange = Story::exchange(method, target, sent, status, Some(answer));
        Arc::new(Exchange { number, ..Arc::unwrap_or_clone(exchange) })
    }

    /// What a script is made of after these exchanges, where the last one shows that the one before did wrong.
    fn steps(exchanges: &[Arc<Exchange>]) -> Result<usize, Unfit> {
        let mut trail = Trail::new(Some("k1234x00"));
        for exchange in exchanges {
            trail.note(exchange);
        }
        let shown = &exchanges[exchanges.len() - 1];
        trail.steps(Some(shown.number - 1), shown, None).map(|steps| steps.exchanges.len())
    }

    fn created() -> Arc<Exchange> {
        exchange(1, Method::Post, "/Users", Some(&user("", "ada")), &user("u1", "ada"))
    }

    fn found() -> Arc<Exchange> {
        let by_name = "/Users?filter=userName+eq+%22ada%40example.com%22";
        exchange(2, Method::Get, by_name, None, &list(&[user("u1", "ada")]))
    }

    fn replaced() -> Arc<Exchange> {
        exchange(3, Method::Put, "/Users/u1", Some(&user("u1", "ada")), &user("u1", "ada"))
    }

    fn read() -> Arc<Exchange> {
        exchange(4, Method::Get, "/Users/u1", None, &user("u1", "eve"))
    }

    #[test]
    fn what_the_run_created_can_be_created_again() {
        assert_eq!(steps(&[created(), found(), replaced(), read()]), Ok(3));
    }

    #[test]
    fn what_was_only_found_cannot() {
        assert_eq!(steps(&[found(), replaced(), read()]), Err(Unfit::Found));
    }

    #[test]
    fn an_answer_that_the_scenario_gave_is_not_the_endpoints() {
        let mut answered = Arc::unwrap_or_clone(replaced());
        if let Answer::Response(response) = answered.answer {
            answered.answer = Answer::Response(response.intercepting(Lost::Answer));
        }
        assert_eq!(steps(&[created(), Arc::new(answered), read()]), Err(Unfit::Lost));
    }
}
