//! What an administrator does in the product, over its REST API (`/rest/servicedeskapi`).

use std::sync::Arc;

use serde_json::{Value, json};

use crate::wire::message::encode;
use crate::wire::{Exchange, Method, Purpose, Request, Wire};

/// The product's REST API did not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what}")]
pub struct ProductError {
    /// What was asked and what came.
    pub what: String,
    /// The exchange, where there is one.
    pub exchange: Option<Arc<Exchange>>,
}

/// The product, as its administrator works with it.
#[derive(Debug)]
pub struct Product<'a> {
    wire: &'a Wire,
    purpose: Purpose,
}

impl<'a> Product<'a> {
    /// The product behind a wire; `purpose` says whether this is staging or part of the story.
    pub fn new(wire: &'a Wire, purpose: Purpose) -> Self {
        Self { wire, purpose }
    }

    /// Makes a customer by hand; returns the account id.
    pub async fn create_customer(&self, email: &str, display_name: &str) -> Result<String, ProductError> {
        let body = json!({"email": email, "displayName": display_name});
        let exchange = self.call(Method::Post, "/customer".to_owned(), Some(body)).await?;
        is_new(&exchange)?;
        text_of(exchange.json(), "accountId")
            .ok_or_else(|| wrong("the new customer has no accountId", &exchange))
    }

    /// Makes an organization by hand, or finds the one of that name; returns its id.
    pub async fn create_organization(&self, name: &str) -> Result<String, ProductError> {
        let exchange =
            self.call(Method::Post, "/organization".to_owned(), Some(json!({"name": name}))).await?;
        is_new(&exchange)?;
        text_of(exchange.json(), "id").ok_or_else(|| wrong("the new organization has no id", &exchange))
    }

    /// Deletes an organization.
    pub async fn delete_organization(&self, id: &str) -> Result<(), ProductError> {
        self.call(Method::Delete, format!("/organization/{}", encode::path_segment(id)), None).await.map(drop)
    }

    /// Puts customers into an organization, or takes them out.
    pub async fn members(
        &self,
        method: Method,
        organization: &str,
        accounts: &[String],
    ) -> Result<(), ProductError> {
        if accounts.is_empty() {
            return Ok(());
        }
        let target = format!("/organization/{}/user", encode::path_segment(organization));
        self.call(method, target, Some(json!({"accountIds": accounts}))).await.map(drop)
    }

    /// Revokes a customer's access to the portals.
    pub async fn revoke(&self, account: &str) -> Result<(), ProductError> {
        let target = format!("/customer/user/{}/revoke-portal-only-access", encode::path_segment(account));
        self.call(Method::Put, target, None).await.map(drop)
    }

    /// The id of the organization of that name.
    pub async fn organization(&self, name: &str) -> Result<String, ProductError> {
        let found =
            self.find("/organization", "", |value| value.get("name").and_then(Value::as_str) == Some(name));
        let organization = found.await?.ok_or_else(|| ProductError {
            what: format!("there is no organization `{name}`"),
            exchange: None,
        })?;
        text_of(Some(&organization), "id").ok_or_else(|| ProductError {
            what: format!("the organization `{name}` has no id"),
            exchange: None,
        })
    }

    /// The account id of the customer with that mail address.
    pub async fn account(&self, email: &str) -> Result<String, ProductError> {
        let desk = self.wire.target().rest.as_ref().map_or(1, |rest| rest.service_desk);
        let query = format!("query={}&", encode::query_percent(email));
        let path = format!("/servicedesk/{desk}/customer");
        let found = self.find(&path, &query, |value| {
            value
                .get("emailAddress")
                .and_then(Value::as_str)
                .is_some_and(|other| other.eq_ignore_ascii_case(email))
        });
        let customer = found.await?.ok_or_else(|| ProductError {
            what: format!("there is no customer `{email}`"),
            exchange: None,
        })?;
        text_of(Some(&customer), "accountId").ok_or_else(|| ProductError {
            what: format!("the customer `{email}` has no accountId"),
            exchange: None,
        })
    }

    async fn find(
        &self,
        path: &str,
        query: &str,
        matches: impl Fn(&Value) -> bool,
    ) -> Result<Option<Value>, ProductError> {
        let mut start = 0;
        loop {
            let exchange =
                self.call(Method::Get, format!("{path}?{query}start={start}&limit=100"), None).await?;
            let body = exchange.json();
            let values = body.and_then(|body| body.get("values")).and_then(Value::as_array);
            let values = values.ok_or_else(|| wrong("the response has no `values`", &exchange))?;
            if let Some(value) = values.iter().find(|value| matches(value)) {
                return Ok(Some(value.clone()));
            }
            let last = body.and_then(|body| body.get("isLastPage")).and_then(Value::as_bool).unwrap_or(true);
            if last || values.is_empty() {
                return Ok(None);
            }
            start += values.len();
        }
    }

    async fn call(
        &self,
        method: Method,
        target: String,
        body: Option<Value>,
    ) -> Result<Arc<Exchange>, ProductError> {
        let mut request = Request::new(method, target)
            .rest()
            .header("Accept", "application/json")
            .header("X-ExperimentalApi", "opt-in")
            .purpose(self.purpose);
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        let exchange = self.wire.send(request).await;
        if exchange.is_success() { Ok(exchange) } else { Err(wrong("the product refused", &exchange)) }
    }
}

/// Whatever was there before is other people's, and nothing is staged on it.
pub(in crate::run) fn is_new(exchange: &Arc<Exchange>) -> Result<(), ProductError> {
    let Some(not_new) = exchange.response().and_then(|response| response.not_new.as_ref()) else {
        return Ok(());
    };
    let request = &exchange.request;
    let what = format!("{} {}: {not_new}", request.method, request.path());
    Err(ProductError { what, exchange: Some(Arc::clone(exchange)) })
}

fn wrong(what: &str, exchange: &Arc<Exchange>) -> ProductError {
    let request = &exchange.request;
    let said = exchange.json().and_then(|body| text_of(Some(body), "errorMessage")).unwrap_or_default();
    let what = format!("{what}: {} {} returned {} {said}", request.method, request.path(), exchange.status());
    ProductError { what: what.trim_end().to_owned(), exchange: Some(Arc::clone(exchange)) }
}

fn text_of(body: Option<&Value>, key: &str) -> Option<String> {
    match body?.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
