//! What an endpoint says about itself (RFC 7644 §4, RFC 7643 §5 to §7).
//!
//! No member is null and mutability is in camel case: Entra refuses to read other schemas (docs/providers/entra.md#schema-discovery).

use serde_json::{Value, json};

use super::resource::attribute::set;
use super::{ResourceKind, list_response, schema, urn};

/// A way to authenticate (RFC 7643 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthenticationScheme {
    /// A bearer token.
    OauthBearerToken,
    /// HTTP Basic.
    HttpBasic,
}

/// What an endpoint can do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a feature that RFC 7643 §5 names, and any combination is possible"
)]
pub struct Features {
    /// The base URL, for `meta.location`.
    pub base: String,
    /// Whether PATCH works.
    pub patch: bool,
    /// How many operations a bulk request may have and how many bytes, where there is `/Bulk`.
    pub bulk: Option<(usize, usize)>,
    /// How many results a filter may have, where filters work.
    pub filter_max_results: Option<usize>,
    /// Whether passwords can be changed.
    pub change_password: bool,
    /// Whether sorting works.
    pub sort: bool,
    /// Whether there are `ETags`.
    pub etag: bool,
    /// How clients authenticate, the preferred way first.
    pub authentication: Vec<AuthenticationScheme>,
}

/// The body of `/ServiceProviderConfig`.
pub fn service_provider_config(features: &Features) -> Value {
    let (operations, bytes) = features.bulk.unwrap_or_default();
    let schemes: Vec<Value> = features
        .authentication
        .iter()
        .enumerate()
        .map(|(index, scheme)| authentication_scheme(*scheme, index == 0))
        .collect();
    json!({
        "schemas": [urn::SERVICE_PROVIDER_CONFIG],
        "patch": {"supported": features.patch},
        "bulk": {"supported": features.bulk.is_some(), "maxOperations": operations, "maxPayloadSize": bytes},
        "filter": {"supported": features.filter_max_results.is_some(), "maxResults": features.filter_max_results.unwrap_or_default()},
        "changePassword": {"supported": features.change_password},
        "sort": {"supported": features.sort},
        "etag": {"supported": features.etag},
        "authenticationSchemes": schemes,
        "meta": {"resourceType": "ServiceProviderConfig", "location": location(&features.base, "ServiceProviderConfig", None)},
    })
}

fn authentication_scheme(scheme: AuthenticationScheme, primary: bool) -> Value {
    match scheme {
        AuthenticationScheme::OauthBearerToken => json!({
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "Authentication by a bearer token",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": primary,
        }),
        AuthenticationScheme::HttpBasic => json!({
            "type": "httpbasic",
            "name": "HTTP Basic",
            "description": "Authentication by HTTP Basic",
            "specUri": "https://www.rfc-editor.org/info/rfc7617",
            "primary": primary,
        }),
    }
}

/// The body of `/ResourceTypes`.
pub fn resource_types(base: &str) -> Value {
    let types: Vec<Value> = ResourceKind::ALL.into_iter().map(|kind| resource_type(base, kind)).collect();
    list_response(types.len(), 1, types)
}

/// The body of `/ResourceTypes/User` and `/ResourceTypes/Group`.
pub fn resource_type(base: &str, kind: ResourceKind) -> Value {
    let extensions = match kind {
        ResourceKind::User => json!([{"schema": urn::ENTERPRISE_USER, "required": false}]),
        ResourceKind::Group => json!([]),
    };
    json!({
        "schemas": [urn::RESOURCE_TYPE],
        "id": kind.name(),
        "name": kind.name(),
        "endpoint": kind.endpoint(),
        "description": match kind {
            ResourceKind::User => "User Account",
            ResourceKind::Group => "Group",
        },
        "schema": kind.schema(),
        "schemaExtensions": extensions,
        "meta": {"resourceType": "ResourceType", "location": location(base, "ResourceTypes", Some(kind.name()))},
    })
}

/// The body of `/Schemas`.
pub fn schemas(base: &str) -> Value {
    let all: Vec<Value> = [urn::USER, urn::GROUP, urn::ENTERPRISE_USER]
        .into_iter()
        .filter_map(|urn| schema(base, urn))
        .collect();
    list_response(all.len(), 1, all)
}

/// The body of `/Schemas/{urn}`; the URN in any case.
pub fn schema(base: &str, urn: &str) -> Option<Value> {
    let text = [
        (urn::USER, schema::USER_JSON),
        (urn::GROUP, schema::GROUP_JSON),
        (urn::ENTERPRISE_USER, schema::ENTERPRISE_USER_JSON),
    ]
    .into_iter()
    .find_map(|(known, text)| known.eq_ignore_ascii_case(urn).then_some(text))?;
    let mut schema = json!({ "schemas": [urn::SCHEMA] });
    let definition: Value = serde_json::from_str(text).ok()?;
    for (name, value) in definition.as_object()? {
        set(&mut schema, name, value.clone());
    }
    let id = definition.get("id")?.as_str()?;
    let meta = json!({"resourceType": "Schema", "location": location(base, "Schemas", Some(id))});
    set(&mut schema, "meta", meta);
    Some(schema)
}

fn location(base: &str, endpoint: &str, id: Option<&str>) -> String {
    let base = base.trim_end_matches('/');
    match id {
        Some(id) => format!("{base}/{endpoint}/{id}"),
        None => format!("{base}/{endpoint}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{AuthenticationScheme, Features, resource_types, schema, schemas, service_provider_config};
    use crate::scim::{Projection, ResourceKind, urn};

    const BASE: &str = "http://localhost/scim/";

    fn has_null(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(values) => values.iter().any(has_null),
            Value::Object(object) => object.values().any(has_null),
            _ => false,
        }
    }

    fn config(bulk: Option<(usize, usize)>) -> Value {
        service_provider_config(&Features {
            base: BASE.to_owned(),
            patch: true,
            bulk,
            filter_max_results: Some(200),
            change_password: false,
            sort: false,
            etag: true,
            authentication: vec![AuthenticationScheme::OauthBearerToken, AuthenticationScheme::HttpBasic],
        })
    }

    #[test]
    fn features_are_told_as_they_are() {
        let told = config(None);
        assert_eq!(told["patch"], json!({"supported": true}));
        assert_eq!(told["bulk"], json!({"supported": false, "maxOperations": 0, "maxPayloadSize": 0}));
        assert_eq!(told["filter"], json!({"supported": true, "maxResults": 200}));
        assert_eq!(told["sort"], json!({"supported": false}));
        assert_eq!(told["etag"], json!({"supported": true}));
        assert_eq!(told["authenticationSchemes"][0]["type"], "oauthbearertoken");
        assert_eq!(told["authenticationSchemes"][0]["primary"], true);
        assert_eq!(told["authenticationSchemes"][1]["primary"], false);
        assert_eq!(told["meta"]["location"], "http://localhost/scim/ServiceProviderConfig");
        assert_eq!(
            config(Some((10, 2048)))["bulk"],
            json!({"supported": true, "maxOperations": 10, "maxPayloadSize": 2048})
        );
    }

    #[test]
    fn nothing_is_null_anywhere() {
        for told in [config(None), resource_types(BASE), schemas(BASE)] {
            assert!(!has_null(&told), "{told}");
        }
    }

    #[test]
    fn each_schema_is_found_by_its_urn_and_is_in_the_list() {
        let list = schemas(BASE);
        assert_eq!(list["totalResults"], 3);
        for (index, urn) in [urn::USER, urn::GROUP, urn::ENTERPRISE_USER].into_iter().enumerate() {
            let one = schema(BASE, &urn.to_uppercase()).unwrap();
            assert_eq!(one, list["Resources"][index]);
            assert_eq!(one["id"], urn);
            assert_eq!(one["meta"]["location"], format!("http://localhost/scim/Schemas/{urn}"));
        }
        assert_eq!(schema(BASE, urn::PATCH_OP), None);
    }

    #[test]
    fn resource_types_lead_to_their_schemas() {
        let list = resource_types(BASE);
        for (told, kind) in list["Resources"].as_array().unwrap().iter().zip(ResourceKind::ALL) {
            assert_eq!(told["endpoint"], kind.endpoint());
            assert!(schema(BASE, told["schema"].as_str().unwrap()).is_some());
        }
        assert_eq!(list["Resources"][0]["schemaExtensions"][0]["schema"], urn::ENTERPRISE_USER);
    }

    #[test]
    fn what_discovery_tells_survives_a_projection() {
        let mut told = resource_types(BASE)["Resources"][0].clone();
        let before = told.clone();
        Projection::default().apply(ResourceKind::User, &mut told);
        assert_eq!(told, before);
    }
}
