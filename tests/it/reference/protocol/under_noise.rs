//! Laws that hold whatever is sent: every answer is well formed, a refusal changes nothing, and what stands there is sound.

use std::collections::BTreeSet;
use std::time::Duration;

use jsonschema::Validator;
use proptest::prelude::*;
use scimsnap::reference::Profile;
use scimsnap::scim::schema::json_schema;
use scimsnap::scim::schema::json_schema::Usage;
use scimsnap::scim::{ResourceKind, ScimType};
use serde_json::{Value, json};

use super::noise::{Noise, noise};
use crate::reference::endpoint::{Answer, Endpoint, id};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who is there, so that a request can name them.
struct Known {
    user: String,
    other: String,
    group: String,
}

impl Known {
    fn named(&self, text: &str) -> String {
        text.replace("{user}", &self.user).replace("{other}", &self.other).replace("{group}", &self.group)
    }
}

async fn send(endpoint: &Endpoint, known: &Known, noise: &Noise) -> Answer {
    let path = format!("{}{}", endpoint.access.scim_path, known.named(&noise.path));
    let bearer = format!("Bearer {}", endpoint.access.token);
    let headers = [&[("Authorization", bearer.as_str())], noise.headers.as_slice()].concat();
    // A body that is no text names nobody.
    let body = match std::str::from_utf8(&noise.body) {
        Ok(text) => known.named(text).into_bytes(),
        Err(_) => noise.body.clone(),
    };
    let answer = endpoint.raw_bytes(noise.method, &path, &headers, &body);
    tokio::time::timeout(PATIENCE, answer).await.expect("no request may hang")
}

/// An error is one of RFC 7644 §3.12, or has one of the vendor's own shapes.
fn is_sound_refusal(answer: &Answer, noise: &Noise) {
    let is_me = noise.path.starts_with("/Me");
    assert!(answer.status < 500 || (answer.status == 501 && is_me), "{noise:?}: {answer:?}");
    if noise.method == "HEAD" {
        return;
    }
    let body = answer.json();
    if answer.header("content-type") == Some("application/json") {
        assert!(body["scimErrorType"].is_string(), "{noise:?}: {answer:?}");
        return;
    }
    assert_eq!(answer.header("content-type"), Some("application/scim+json"), "{noise:?}");
    assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{noise:?}");
    assert_eq!(body["status"], answer.status.to_string(), "{noise:?}");
    assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{noise:?}: {answer:?}");
    let keyword = body.get("scimType").map(|keyword| keyword.as_str().unwrap());
    assert!(keyword.is_none_or(|keyword| ScimType::from_keyword(keyword).is_some()), "{noise:?}: {answer:?}");
    assert!(answer.status != 400 || keyword.is_some() || noise.is_conditional(), "{noise:?}: {answer:?}");
    assert_eq!(answer.status == 405, answer.header("allow").is_some(), "{noise:?}: {answer:?}");
}

impl Noise {
    /// Whether a header may be refused, of which SCIM knows no keyword.
    fn is_conditional(&self) -> bool {
        self.headers.iter().any(|(name, _)| name.starts_with("If-"))
    }

    fn may_write(&self) -> bool {
        !matches!(self.method, "GET" | "HEAD" | "OPTIONS") && !self.path.contains(".search")
    }
}

fn is_sound_success(answer: &Answer, noise: &Noise) {
    if answer.text.is_empty() {
        let is_empty = matches!(answer.status, 204 | 304) || noise.method == "HEAD";
        assert!(is_empty, "{noise:?}: {answer:?}");
        return;
    }
    assert_eq!(answer.header("content-type"), Some("application/scim+json"), "{noise:?}");
    let body = answer.json();
    if let Some(resources) = body.get("Resources").and_then(Value::as_array) {
        assert_eq!(body["itemsPerPage"], json!(resources.len()), "{noise:?}");
        assert!(body["totalResults"].as_u64() >= Some(resources.len() as u64), "{noise:?}: {body}");
        assert!(resources.iter().all(|each| each["id"].is_string()), "{noise:?}: {body}");
    }
    if answer.status == 201 {
        let location = answer.header("location").unwrap();
        assert!(location.ends_with(&id(&body)), "{noise:?}: {location}");
        let told = body["meta"]["location"].as_str();
        assert!(told.is_none_or(|told| told == location), "{noise:?}: {body}");
    }
    if let (Some(tag), Some(version)) = (answer.header("etag"), body["meta"].get("version")) {
        assert_eq!(version, tag, "{noise:?}");
    }
}

/// What stands there fits the schemas, bears names once, and says the same of memberships on both sides.
async fn is_sound_state(endpoint: &Endpoint) {
    let validators = ResourceKind::ALL.map(|kind| {
        let schema = json_schema::resource(kind, Usage::Answer);
        (kind, jsonschema::validator_for(&schema).unwrap())
    });
    let mut belongs = BTreeSet::new();
    let mut contains = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (kind, validator) in &validators {
        let list = endpoint.get(&format!("{}?count=100", kind.endpoint())).await.expect(200);
        for resource in list["Resources"].as_array().unwrap() {
            fits(validator, resource);
            let own = id(resource);
            let one = endpoint.get(&format!("{}/{own}", kind.endpoint())).await.expect(200);
            assert_eq!(one, *resource);
            // Of the other kind both names may be attributes that no schema knows.
            match kind {
                ResourceKind::User => {
                    let name = resource["userName"].as_str().unwrap().to_lowercase();
                    assert!(names.insert(name), "{list}");
                    for group in resource["groups"].as_array().into_iter().flatten() {
                        belongs.insert((group["value"].as_str().unwrap().to_owned(), own.clone()));
                    }
                }
                ResourceKind::Group => {
                    let members = resource["members"].as_array().into_iter().flatten();
                    for member in members.filter(|member| member["type"] == "User") {
                        contains.insert((own.clone(), member["value"].as_str().unwrap().to_owned()));
                    }
                }
            }
        }
    }
    assert_eq!(belongs, contains);
}

fn fits(validator: &Validator, resource: &Value) {
    if let Err(error) = validator.validate(resource) {
        panic!("{error} at {} of {resource}", error.instance_path());
    }
}

async fn play(profile: Profile, requests: Vec<Noise>) {
    let endpoint = Endpoint::of(profile).await;
    let (user, other) = (endpoint.user("ada").await, endpoint.user("bob").await);
    let group = endpoint.group("Acme", &[&user]).await;
    let known = Known { user, other, group };
    for noise in requests {
        let before = endpoint.reference.state().unwrap();
        let answer = send(&endpoint, &known, &noise).await;
        if answer.status >= 400 {
            is_sound_refusal(&answer, &noise);
        } else {
            is_sound_success(&answer, &noise);
        }
        if answer.status >= 400 || !noise.may_write() {
            assert!(
                endpoint.reference.state().unwrap() == before,
                "{noise:?} has changed something: {answer:?}"
            );
        }
    }
    is_sound_state(&endpoint).await;
}

fn profile() -> impl Strategy<Value = Profile> {
    prop::sample::select(&Profile::ALL[..])
}

proptest! {
    // A case is a whole course of requests.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 6, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sent_the_answer_is_sound_and_a_refusal_changes_nothing(
        profile in profile(),
        requests in prop::collection::vec(noise(), 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(play(profile, requests));
    }
}
