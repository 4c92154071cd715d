//! The course of a bulk request, from its operations to its answer.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value, json};

use super::plan::{Next, Plan, Waits};
use super::request::{BulkMethod, BulkOperation, BulkRequest, RefusedOperation};
use super::{reference, split};
use crate::scim::{ResourceKind, ScimError, ScimType, urn};

/// A request that is to be carried out; its references are ids.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkCall {
    /// What is done.
    pub method: BulkMethod,
    /// The path below the base URL.
    pub path: String,
    /// The version that the resource has to have, as in `If-Match`.
    pub version: Option<String>,
    /// The body; null where there is none.
    pub data: Value,
}

/// What came of a request that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BulkDone {
    /// The HTTP status.
    pub status: u16,
    /// The resource's id, to which others refer; of a PUT, PATCH or DELETE the path tells it.
    pub id: Option<String>,
    /// The resource's location; base URL and path where it is not said.
    pub location: Option<String>,
    /// The resource's version.
    pub version: Option<String>,
}

/// A bulk request under way.
///
/// Operations come in the order of the request, but for those that refer to later ones (RFC 7644 §3.7.2). Where references
/// go round in a circle, the first resource that can be is created without them and gets them by a PATCH at the end; what
/// cannot is a 409 (§3.7.1). An operation that refers to one that failed is a 409 as well.
pub struct BulkRun {
    base: String,
    slots: Vec<Slot>,
    names: BTreeMap<String, usize>,
    plan: Plan,
    errors: u64,
    errors_allowed: u64,
    step: Option<Step>,
    /// What is missing in resources that were created without it.
    later: VecDeque<(usize, Value)>,
}

enum Step {
    Whole(usize),
    Rest(usize),
}

struct Slot {
    operation: Result<BulkOperation, RefusedOperation>,
    id: Option<String>,
    finished: bool,
    result: Option<Value>,
}

impl BulkRun {
    /// Plans a request; the base URL is for locations.
    pub fn new(request: BulkRequest, base: &str) -> Self {
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        let mut slots = Vec::with_capacity(request.operations.len());
        for (index, operation) in request.operations.into_iter().enumerate() {
            let operation = operation.and_then(|operation| first_of_its_name(operation, index, &mut names));
            let id = operation.as_ref().ok().and_then(id_in_path);
            slots.push(Slot { operation, id, finished: false, result: None });
        }
        let waits = slots.iter().map(|slot| waits(slot, &names, &slots)).collect();
        Self {
            base: base.trim_end_matches('/').to_owned(),
            slots,
            names,
            plan: Plan::new(waits),
            errors: 0,
            errors_allowed: request.fail_on_errors.map_or(u64::MAX, |count| count.max(1)),
            step: None,
            later: VecDeque::new(),
        }
    }

    /// Carries everything out, one request after the other, and gives the answer's body.
    pub fn run(mut self, carry_out: impl FnMut(BulkCall) -> Result<BulkDone, ScimError>) -> Value {
        let mut carry_out = carry_out;
        while let Some(call) = self.next_call() {
            let outcome = carry_out(call);
            self.done(outcome);
        }
        self.finish()
    }

    /// The next request, whose outcome has to be told by [`Self::done`]; none when all is done.
    pub fn next_call(&mut self) -> Option<BulkCall> {
        while self.errors < self.errors_allowed {
            let begun = match self.plan.next() {
                Some(Next::Ready(index)) => self.begin(index, false),
                Some(Next::Broken(index)) => self.begin(index, true),
                None => {
                    self.refuse_stuck();
                    break;
                }
            };
            if begun.is_some() {
                return begun;
            }
        }
        // What was begun is brought to its end, even where too many errors ended the rest.
        while let Some((index, patch)) = self.later.pop_front() {
            let begun = self.begin_rest(index, patch);
            if begun.is_some() {
                return begun;
            }
        }
        None
    }

    /// Tells what came of the request that was given last.
    pub fn done(&mut self, outcome: Result<BulkDone, ScimError>) {
        match (self.step.take(), outcome) {
            (Some(Step::Whole(index)), Ok(done)) => self.succeed(index, done),
            (Some(Step::Whole(index)), Err(error)) => self.fail(index, &error),
            (Some(Step::Rest(index)), Ok(done)) => {
                if let (Some(result), Some(version)) = (self.result_of(index), done.version) {
                    result.insert("version".to_owned(), json!(version));
                }
            }
            (Some(Step::Rest(index)), Err(error)) => self.fail_rest(index, &error),
            (None, _) => {}
        }
    }

    /// The answer's body: what was carried out, in the order of the request (RFC 7644 §3.7.3). Its status is 200.
    pub fn finish(self) -> Value {
        let results: Vec<Value> = self.slots.into_iter().filter_map(|slot| slot.result).collect();
        let mut answer = json!({ "schemas": [urn::BULK_RESPONSE] });
        answer["Operations"] = Value::Array(results);
        answer
    }

    fn begin(&mut self, index: usize, broken: bool) -> Option<BulkCall> {
        let checked = match &self.slots[index].operation {
            Err(refused) => Err(refused.error.clone()),
            Ok(operation) => self.check_references(operation, broken),
        };
        if let Err(error) = checked {
            self.fail(index, &error);
            return None;
        }
        // A slot gives its data away, and keeps what the answer says about it.
        let slot = self.slots.get_mut(index)?;
        let operation = slot.operation.as_mut().ok()?;
        let mut data = operation.data.take();
        if broken {
            let waits_for =
                |name: &str| self.names.get(name).is_some_and(|&other| !self.slots[other].finished);
            let rest = split::split(&mut data, &waits_for);
            self.later.push_back((index, rest));
        }
        reference::replace_in(&mut data, &|name| self.id_of(name));
        let path = {
            let operation = self.slots[index].operation.as_ref().ok()?;
            let id_of = |name: &str| self.id_of(name).map(|id| reference::segment(&id));
            reference::replaced(&operation.path, &id_of).unwrap_or_else(|| operation.path.clone())
        };
        let operation = self.slots[index].operation.as_mut().ok()?;
        operation.path.clone_from(&path);
        self.step = Some(Step::Whole(index));
        Some(BulkCall { method: operation.method, path, version: operation.version.clone(), data })
    }

    /// Whether every name that the operation refers to has an id, or in a circle will have one.
    fn check_references(&self, operation: &BulkOperation, broken: bool) -> Result<(), ScimError> {
        let mut error = None;
        let mut check = |text: &str, in_path: bool| {
            for (_, name) in reference::in_text(text) {
                match self.names.get(name).map(|&other| &self.slots[other]) {
                    Some(other) if other.id.is_none() && (other.finished || !broken) => {
                        let detail = format!("the operation with the referenced bulkId {name:?} failed");
                        error.get_or_insert(ScimError::new(409, detail));
                    }
                    None if in_path || reference::is_whole(text) => {
                        let detail = format!("no operation has the bulkId {name:?}");
                        error.get_or_insert(ScimError::bad_request(ScimType::InvalidValue, detail));
                    }
                    _ => {}
                }
            }
        };
        check(&operation.path, true);
        reference::strings(&operation.data, &mut |text| check(text, false));
        error.map_or(Ok(()), Err)
    }

    fn begin_rest(&mut self, index: usize, patch: Value) -> Option<BulkCall> {
        let mut patch = patch;
        let id = self.slots[index].id.clone()?;
        let mut missing = None;
        reference::strings(&patch, &mut |text| {
            for (_, name) in reference::in_text(text) {
                if self.names.contains_key(name) && self.id_of(name).is_none() {
                    missing.get_or_insert(name);
                }
            }
        });
        if let Some(name) = missing {
            let detail =
                format!("the reference to the bulkId {name:?} is missing, because that operation failed");
            self.fail_rest(index, &ScimError::new(409, detail));
            return None;
        }
        reference::replace_in(&mut patch, &|name| self.id_of(name));
        let operation = self.slots[index].operation.as_ref().ok()?;
        let path = format!("{}/{}", operation.path.trim_end_matches('/'), reference::segment(&id));
        self.step = Some(Step::Rest(index));
        Some(BulkCall { method: BulkMethod::Patch, path, version: None, data: patch })
    }

    fn refuse_stuck(&mut self) {
        for index in self.plan.stuck() {
            if self.errors == self.errors_allowed {
                return;
            }
            let detail = "this operation and the one that it refers to depend on each other";
            self.fail(index, &ScimError::new(409, detail));
        }
    }

    fn succeed(&mut self, index: usize, done: BulkDone) {
        let slot = &mut self.slots[index];
        slot.finished = true;
        if let Ok(operation) = &slot.operation {
            slot.id = done.id.or_else(|| id_in_path(operation));
            let path = match (&slot.id, operation.method) {
                (Some(id), BulkMethod::Post) => {
                    format!("{}/{}", operation.path.trim_end_matches('/'), reference::segment(id))
                }
                _ => operation.path.clone(),
            };
            let location = done.location.unwrap_or_else(|| format!("{}{path}", self.base));
            slot.result = Some(entry(&Entry {
                location: Some(&location),
                method: Some(operation.method.as_str()),
                bulk_id: operation.bulk_id.as_deref(),
                version: done.version.as_deref(),
                status: done.status,
                response: None,
            }));
        }
        self.plan.done(index);
    }

    fn fail(&mut self, index: usize, error: &ScimError) {
        let slot = &mut self.slots[index];
        slot.finished = true;
        slot.id = None;
        let (method, bulk_id, location) = match &slot.operation {
            Err(refused) => (refused.method.as_deref(), refused.bulk_id.as_deref(), None),
            Ok(operation) => {
                let known =
                    operation.method != BulkMethod::Post && reference::in_text(&operation.path).is_empty();
                let location = known.then(|| format!("{}{}", self.base, operation.path));
                (Some(operation.method.as_str()), operation.bulk_id.as_deref(), location)
            }
        };
        let response = Some(error);
        slot.result = Some(entry(&Entry {
            location: location.as_deref(),
            method,
            bulk_id,
            version: None,
            status: error.status,
            response,
        }));
        // What was to be added to this resource was noted last.
        self.later.pop_back_if(|(waiting, _)| *waiting == index);
        self.errors += 1;
        self.plan.done(index);
    }

    /// The resource is there, and says so by its location, but it is not what was asked for.
    fn fail_rest(&mut self, index: usize, error: &ScimError) {
        self.errors = self.errors.saturating_add(1);
        let detail = format!("the resource was created only in part: {}", error.detail);
        let error = ScimError { detail, ..error.clone() };
        if let Some(result) = self.result_of(index) {
            result.shift_remove("version");
            result.insert("status".to_owned(), json!(error.status.to_string()));
            result.insert("response".to_owned(), error.to_value());
        }
    }

    fn result_of(&mut self, index: usize) -> Option<&mut Map<String, Value>> {
        self.slots[index].result.as_mut()?.as_object_mut()
    }

    fn id_of(&self, name: &str) -> Option<String> {
        self.names.get(name).and_then(|&index| self.slots[index].id.clone())
    }
}

/// A name means one resource: the first operation has it, and any other of that name is refused.
fn first_of_its_name(
    operation: BulkOperation,
    index: usize,
    names: &mut BTreeMap<String, usize>,
) -> Result<BulkOperation, RefusedOperation> {
    let Some(name) = operation.bulk_id.clone() else {
        return Ok(operation);
    };
    if names.contains_key(&name) {
        let detail = format!("another operation already has the bulkId {name:?}");
        return Err(RefusedOperation {
            method: Some(operation.method.as_str().to_owned()),
            bulk_id: Some(name),
            error: ScimError::bad_request(ScimType::InvalidValue, detail),
        });
    }
    names.insert(name, index);
    Ok(operation)
}

/// The id of a resource that is there already, as its path says it.
fn id_in_path(operation: &BulkOperation) -> Option<String> {
    let known = operation.method != BulkMethod::Post && reference::in_text(&operation.path).is_empty();
    let path = operation.path.split(['?', '#']).next()?;
    known.then(|| path.trim_end_matches('/').rsplit('/').next().map(str::to_owned)).flatten()
}

/// What the operation refers to that has no id yet.
fn waits(slot: &Slot, names: &BTreeMap<String, usize>, slots: &[Slot]) -> Waits {
    let mut waits = Waits::new();
    let Ok(operation) = &slot.operation else {
        return waits;
    };
    let mut wait = |text: &str, can_wait: bool| {
        for (_, name) in reference::in_text(text) {
            if let Some(&other) = names.get(name)
                && slots[other].id.is_none()
            {
                waits.entry(other).and_modify(|all| *all &= can_wait).or_insert(can_wait);
            }
        }
    };
    wait(&operation.path, false);
    if operation.method == BulkMethod::Post {
        let kind = ResourceKind::from_endpoint(&operation.path);
        for (extension, name, value) in split::attributes(&operation.data) {
            let can_wait = split::can_wait(kind, extension, name);
            reference::strings(value, &mut |text| wait(text, can_wait));
        }
    } else {
        reference::strings(&operation.data, &mut |text| wait(text, false));
    }
    waits
}

struct Entry<'a> {
    location: Option<&'a str>,
    method: Option<&'a str>,
    bulk_id: Option<&'a str>,
    version: Option<&'a str>,
    status: u16,
    response: Option<&'a ScimError>,
}

/// One operation of the answer; the status is a string.
fn entry(entry: &Entry<'_>) -> Value {
    let mut made = Map::new();
    for (name, value) in [
        ("location", entry.location),
        ("method", entry.method),
        ("bulkId", entry.bulk_id),
        ("version", entry.version),
    ] {
        if let Some(value) = value {
            made.insert(name.to_owned(), json!(value));
        }
    }
    made.insert("status".to_owned(), json!(entry.status.to_string()));
    if let Some(error) = entry.response {
        made.insert("response".to_owned(), error.to_value());
    }
    Value::Object(made)
}

#[cfg(test)]
mod tests;
