//! Discovery tells what is so.

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::mirror::discovery::Page;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::Method;

use crate::requirement::rules::Rule;

const DISCOVERY_ANSWERS: Requirement = Requirement {
    id: "discovery-answers",
    level: Level::Should,
    concerns: &[Concern::Rfc],
    text: "`/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas` return 200 with the content that the RFC requires",
    source: "RFC 7644 §4 (three endpoints that tell features, types and schemas), RFC 7643 §5",
    reasoning: "a client that configures itself assumes that the endpoint supports nothing; Okta, Entra and Google do not read these pages",
};

const DISCOVERY_TRUTH: Requirement = Requirement {
    id: "discovery-truth",
    level: Level::Should,
    concerns: &[Concern::Rfc],
    text: "the endpoint does what `/ServiceProviderConfig` and `/ResourceTypes` say",
    source: "RFC 7643 §5 and §6, RFC 7644 §3.14 (an ETag where versions are supported) and §4",
    reasoning: "a client that relies on discovery omits features that work, or uses features that do not",
};

#[derive(Debug)]
pub(crate) struct DiscoveryTruth;

impl Rule for DiscoveryTruth {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&DISCOVERY_ANSWERS, &DISCOVERY_TRUTH]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let path = seen.exchange.request.path();
        if let Some(page) = Page::of(path).filter(|_| seen.method() == Method::Get) {
            answers(page, path, seen, report);
            return;
        }
        for (what, claim, shown) in shown(seen, mirror) {
            if claim.is_some_and(|claim| claim != shown) {
                let (says, does) = if shown { ("is not", "works") } else { ("is", "does not") };
                report.raise(
                    &DISCOVERY_TRUTH,
                    format!("discovery says that {what} {says} supported, but it {does}"),
                );
            }
        }
    }
}

fn answers(page: Page, path: &str, seen: &Seen<'_>, report: &mut Report) {
    let status = seen.status();
    // Credentials, limits and what stands in front of the endpoint are no answer of its own.
    if matches!(status, 0 | 401 | 403 | 429) || status >= 502 {
        return;
    }
    if status != 200 {
        report
            .raise(&DISCOVERY_ANSWERS, format!("GET {path} returned {status}"))
            .shown(|| [Clue::no_status(["200"])]);
        return;
    }
    let body = seen.exchange.json().filter(|body| body.is_object());
    let has = |name: &str| body.is_some_and(|body| get(body, name).is_some());
    let missing = match page {
        Page::Config => {
            ["patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes"]
                .into_iter()
                .find(|name| !has(name))
        }
        Page::ResourceTypes | Page::Schemas => {
            ["totalResults", "Resources"].into_iter().find(|name| !has(name))
        }
    };
    if let Some(missing) = missing {
        report
            .raise(&DISCOVERY_ANSWERS, format!("the response to GET {path} has no `{missing}`"))
            .shown(|| [Clue::none(format!("body/{missing}/**"))]);
    }
}

/// What an exchange shows to work or not to work, and what was said of it.
fn shown(seen: &Seen<'_>, mirror: &Mirror) -> Vec<(&'static str, Option<bool>, bool)> {
    let (says, status) = (mirror.discovery(), seen.status());
    let mut shown = Vec::new();
    if seen.method() == Method::Patch && seen.target().is_some() {
        if seen.is_success() {
            shown.push(("PATCH", says.patch(), true));
        } else if status == 405 {
            shown.push(("PATCH", says.patch(), false));
        }
    }
    if let Some(kind) = seen.list_kind() {
        if seen.query.filter.is_some() && status == 501 {
            shown.push(("filtering", says.filter(), false));
        }
        let type_name = match kind {
            ResourceKind::User => "the resource type User",
            ResourceKind::Group => "the resource type Group",
        };
        if seen.list().is_some() {
            shown.push((type_name, says.lists(kind), true));
        } else if seen.query.filter.is_none() && matches!(status, 404 | 501) {
            shown.push((type_name, says.lists(kind), false));
        }
    }
    if let Some((_, _, body)) = seen.read().filter(|_| !seen.is_projected()) {
        let stands = seen.exchange.response().is_some_and(|response| response.header("etag").is_some())
            || get(body, "meta").and_then(|meta| get(meta, "version")).is_some();
        // An ETag of the framework's, of which discovery says nothing, is no lie.
        if !stands {
            shown.push(("versioning (`ETag`)", says.etag(), false));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, list, user};
    use crate::scim::discovery::{
        AuthenticationScheme, Features, resource_types, schemas, service_provider_config,
    };

    fn config(patch: bool, filter: bool, etag: bool) -> Value {
        service_provider_config(&Features {
            base: "http://localhost/scim".to_owned(),
            patch,
            bulk: None,
            filter_max_results: filter.then_some(100),
            change_password: false,
            sort: false,
            etag,
            authentication: vec![AuthenticationScheme::OauthBearerToken],
        })
    }

    fn versioned() -> Value {
        let mut body = user("1", "ada");
        body["meta"] = json!({"version": "W/\"1\""});
        body
    }

    fn after(config: &Value, act: impl Fn(&mut Story)) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        story.get("/ServiceProviderConfig", 200, config);
        act(&mut story);
        let said = story.said().into_iter();
        said.filter(|said| said.starts_with("discovery-")).collect()
    }

    const FILTER: &str = "/Users?filter=userName+eq+%22ada%40example.com%22";

    #[test]
    fn claims_are_held_against_what_is_seen() {
        let operations = json!([{"op": "replace", "path": "active", "value": true}]);
        let patched = |story: &mut Story| story.patch("/Users/1", &operations);
        let refused = |story: &mut Story| story.refuse("/Users/1", &operations, 405);
        let bare = |story: &mut Story| story.get("/Users/1", 200, &user("1", "ada"));
        let etag = |story: &mut Story| story.get("/Users/1", 200, &versioned());
        let unfiltered = |story: &mut Story| story.get(FILTER, 501, &error(501));
        assert_eq!(
            after(&config(false, true, true), patched),
            ["discovery-truth: discovery says that PATCH is not supported, but it works"]
        );
        assert_eq!(
            after(&config(true, true, true), refused),
            ["discovery-truth: discovery says that PATCH is supported, but it does not"]
        );
        assert_eq!(
            after(&config(true, true, true), bare),
            ["discovery-truth: discovery says that versioning (`ETag`) is supported, but it does not"]
        );
        assert_eq!(
            after(&config(true, true, true), unfiltered),
            ["discovery-truth: discovery says that filtering is supported, but it does not"]
        );
        // One kind of operation that is not there is no lie about PATCH.
        let partly = |story: &mut Story| story.refuse("/Users/1", &operations, 501);
        assert_eq!(after(&config(true, true, true), partly), [""; 0]);
        assert_eq!(after(&config(true, true, true), patched), [""; 0]);
        assert_eq!(after(&config(false, true, true), refused), [""; 0]);
        assert_eq!(after(&config(true, true, true), etag), [""; 0]);
        assert_eq!(after(&config(true, true, false), bare), [""; 0]);
        assert_eq!(after(&config(true, true, false), etag), [""; 0]);
        assert_eq!(after(&config(true, false, false), unfiltered), [""; 0]);
        assert_eq!(after(&json!({}), patched).len(), 1, "only what is missing");
    }

    #[test]
    fn resource_types_are_held_against_the_endpoints() {
        let types = resource_types("http://localhost/scim");
        let judged = |types: &Value, status: u16| {
            let mut story = Story::new(ClientName::Entra);
            story.get("/ResourceTypes", 200, types);
            let body = if status == 200 { list(&[]) } else { error(status) };
            story.get("/Groups?startIndex=1&count=1", status, &body);
            story.raised("discovery-truth").len()
        };
        let only_users = list(&types["Resources"].as_array().unwrap()[..1]);
        assert_eq!((judged(&types, 200), judged(&types, 404)), (0, 1));
        assert_eq!((judged(&only_users, 200), judged(&only_users, 404)), (1, 0));
        assert_eq!(
            (judged(&list(&[]), 200), judged(&json!({"totalResults": 9, "Resources": []}), 200)),
            (0, 0)
        );
    }

    #[test]
    fn pages_have_to_be_there() {
        let judged = |path: &str, status: u16, body: &Value| {
            let mut story = Story::new(ClientName::Entra);
            story.get(path, status, body);
            story.raised("discovery-answers").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(judged("/Schemas", 404, &error(404)), ["GET /Schemas returned 404"]);
        assert_eq!(
            judged("/ResourceTypes", 200, &json!([])),
            ["the response to GET /ResourceTypes has no `totalResults`"]
        );
        let mut bare = config(true, true, true);
        bare.as_object_mut().unwrap().shift_remove("sort");
        assert_eq!(
            judged("/ServiceProviderConfig", 200, &bare),
            ["the response to GET /ServiceProviderConfig has no `sort`"]
        );
        assert_eq!(judged("/Schemas", 200, &schemas("http://localhost/scim")), [""; 0]);
        assert_eq!(judged("/ServiceProviderConfig", 200, &config(false, false, false)), [""; 0]);
        for status in [401, 403, 429, 503] {
            assert_eq!(judged("/Schemas", status, &error(status)), [""; 0]);
        }
    }
}
