//! What the service provider says about itself (RFC 7644 §4), as the knobs have it.

use axum::http::Method;
use serde_json::{Value, json};

use super::pages;
use super::request::ScimRequest;
use crate::reference::http::answer::{Answer, method_not_allowed};
use crate::reference::http::body::BULK_LIMITS;
use crate::reference::knobs::MemberDisplay;
use crate::reference::site::Site;
use crate::scim::discovery::{self, AuthenticationScheme, Features};
use crate::scim::error::ScimError;
use crate::scim::urn;

/// `/ServiceProviderConfig`
pub(crate) fn service_provider_config(site: &Site, request: &ScimRequest) -> Answer {
    if let Some(refused) = refusal(request) {
        return refused;
    }
    let knobs = &site.knobs;
    let features = Features {
        base: request.base.clone(),
        patch: true,
        bulk: knobs.bulk.then_some((BULK_LIMITS.max_operations, BULK_LIMITS.max_payload_size)),
        filter_max_results: Some(knobs.page_max),
        change_password: false,
        sort: knobs.sort,
        etag: knobs.etag,
        authentication: vec![AuthenticationScheme::OauthBearerToken],
    };
    let mut config = discovery::service_provider_config(&features);
    if knobs.page_cursor {
        pages::pagination(site).tell(&mut config);
    }
    Answer::scim(200, config)
}

/// `/ResourceTypes`, and one of them by its name.
pub(crate) fn resource_types(site: &Site, name: Option<&str>, request: &ScimRequest) -> Answer {
    let mut types = discovery::resource_types(&request.base);
    if site.knobs.atlassian_schema {
        for each in resources(&mut types).filter(|each| each["name"] == "User") {
            if let Some(extensions) = each.get_mut("schemaExtensions").and_then(Value::as_array_mut) {
                extensions.push(json!({"schema": urn::ATLASSIAN_EXTERNAL, "required": false}));
            }
        }
    }
    all_or_one(&types, name, request)
}

/// `/Schemas`, and one of them by its URN.
pub(crate) fn schemas(site: &Site, urn: Option<&str>, request: &ScimRequest) -> Answer {
    let mut schemas = discovery::schemas(&request.base);
    for schema in resources(&mut schemas) {
        let is_user = schema["id"] == urn::USER;
        for attribute in schema.get_mut("attributes").and_then(Value::as_array_mut).into_iter().flatten() {
            if is_user && attribute["name"] == "emails" && site.knobs.emails_required {
                attribute["required"] = json!(true);
                let subs = attribute.get_mut("subAttributes").and_then(Value::as_array_mut);
                for sub in subs
                    .into_iter()
                    .flatten()
                    .filter(|sub| sub["name"] == "value" || sub["name"] == "primary")
                {
                    sub["required"] = json!(true);
                }
            }
            let own_display = site.knobs.member_display == MemberDisplay::UserName;
            if !is_user && attribute["name"] == "members" && own_display {
                let subs = attribute.get_mut("subAttributes").and_then(Value::as_array_mut);
                for sub in subs.into_iter().flatten().filter(|sub| sub["name"] == "display") {
                    sub["mutability"] = json!("readOnly");
                }
            }
            if !is_user && attribute["name"] == "displayName" {
                if site.knobs.group_name_unique {
                    attribute["uniqueness"] = json!("server");
                }
                if !site.knobs.rename_supported {
                    attribute["mutability"] = json!("immutable");
                }
            }
        }
    }
    if site.knobs.atlassian_schema
        && let Some(list) = schemas.get_mut("Resources").and_then(Value::as_array_mut)
    {
        list.push(atlassian_schema(&request.base));
        schemas["totalResults"] = json!(schemas["Resources"].as_array().map_or(0, Vec::len));
        schemas["itemsPerPage"] = schemas["totalResults"].clone();
    }
    all_or_one(&schemas, urn, request)
}

fn resources(list: &mut Value) -> impl Iterator<Item = &mut Value> {
    list.get_mut("Resources").and_then(Value::as_array_mut).into_iter().flatten()
}

/// Atlassian's extension, as users are captured to have it (docs/jira-service-management.md#resources).
fn atlassian_schema(base: &str) -> Value {
    json!({
        "schemas": [urn::SCHEMA],
        "id": urn::ATLASSIAN_EXTERNAL,
        "name": "AtlassianExternal",
        "description": "The account that a user provisions",
        "attributes": [{
            "name": "atlassianAccountId",
            "type": "string",
            "multiValued": false,
            "description": "The id of the account.",
            "required": false,
            "caseExact": true,
            "mutability": "readOnly",
            "returned": "default",
            "uniqueness": "global",
        }],
        "meta": {
            "resourceType": "Schema",
            "location": format!("{base}/Schemas/{}", urn::ATLASSIAN_EXTERNAL),
        },
    })
}

/// The answer to a request that is no plain GET.
fn refusal(request: &ScimRequest) -> Option<Answer> {
    if request.method != Method::GET {
        return Some(method_not_allowed("GET"));
    }
    // RFC 7644 §4: nothing is filtered here, and saying so keeps a client from taking it for an answer.
    let is_filtered = request.parameters().is_ok_and(|query| query.filter.is_some());
    is_filtered.then(|| ScimError::forbidden("discovery cannot be filtered").into())
}

fn all_or_one(list: &Value, id: Option<&str>, request: &ScimRequest) -> Answer {
    if let Some(refused) = refusal(request) {
        return refused;
    }
    let Some(id) = id else {
        return Answer::scim(200, list.clone());
    };
    let one = list["Resources"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|resource| resource["id"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(id)));
    match one {
        Some(resource) => Answer::scim(200, resource.clone()),
        None => ScimError::not_found(format!("there is no {id}")).into(),
    }
}
