//! Customers and organizations, through the same requests that an identity provider sends.

use axum::http::Method;

use super::Fallible;
use super::endpoint::Endpoint;

/// How many members the largest organization has, where there are as many customers.
pub(crate) const LARGEST: usize = 100_000;
/// How many organizations a customer is in.
pub(crate) const EACH: usize = 20;
/// How many members the other organizations have.
const USUAL: usize = 1_000;

pub(crate) fn user_name(number: usize) -> String {
    format!("ada.lovelace.{number:07}@example.com")
}

/// A user as an identity provider with a full mapping sends it: 1,000 bytes, give or take a digit.
pub(crate) fn user(number: usize, title: &str) -> String {
    let name = user_name(number);
    format!(
        concat!(
            r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","#,
            r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"{name}","#,
            r#""externalId":"00u{number:017}","name":{{"formatted":"Ada Lovelace {number}","givenName":"Ada","#,
            r#""familyName":"Lovelace {number}"}},"displayName":"Ada Lovelace {number}","nickName":"Ada","#,
            r#""title":"{title}","userType":"Customer","preferredLanguage":"en-GB","locale":"en-GB","#,
            r#""timezone":"Europe/London","active":true,"emails":[{{"value":"{name}","type":"work","#,
            r#""primary":true}}],"phoneNumbers":[{{"value":"+44 20 7946 {number:07}","type":"work"}},"#,
            r#"{{"value":"+44 7700 {number:07}","type":"mobile"}}],"addresses":[{{"type":"work","#,
            r#""streetAddress":"12 St James's Square","locality":"London","region":"Greater London","#,
            r#""postalCode":"SW1Y 4JH","country":"GB"}}],"#,
            r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{{"employeeNumber":"{number:07}","#,
            r#""costCenter":"4130","organization":"Analytical Engines","division":"Research","#,
            r#""department":"Numbers"}}}}"#
        ),
        name = name,
        number = number,
        title = title,
    )
}

/// The ids of the customers and of the organizations, the largest first.
pub(crate) struct Filled {
    pub(crate) users: Vec<String>,
    pub(crate) groups: Vec<String>,
}

/// Creates `count` customers.
pub(crate) fn users(endpoint: &mut Endpoint, count: usize) -> Fallible<Vec<String>> {
    (0..count)
        .map(|number| {
            let body = user(number, "Countess").into_bytes();
            id(&endpoint.send(&Method::POST, "/Users", body, 201)?)
        })
        .collect()
}

/// Creates an organization with these members. Of a long list the rest is added, for a body has its limit.
pub(crate) fn group(endpoint: &mut Endpoint, name: &str, members: &[&String]) -> Fallible<String> {
    let (first, rest) = members.split_at(members.len().min(20_000));
    let body = format!(r#"{{"displayName":"{name}","members":{}}}"#, list(first));
    let made = id(&endpoint.send(&Method::POST, "/Groups?attributes=id", body.into_bytes(), 201)?)?;
    for more in rest.chunks(20_000) {
        let body = patch("add", &list(more));
        endpoint.send(&Method::PATCH, &format!("/Groups/{made}?excludedAttributes=members"), body, 200)?;
    }
    Ok(made)
}

/// `count` customers, each in twenty organizations; one organization is large, the others have a thousand members from
/// everywhere.
pub(crate) fn all(endpoint: &mut Endpoint, count: usize) -> Fallible<Filled> {
    let users = users(endpoint, count)?;
    let largest: Vec<&String> = users.iter().take(LARGEST).collect();
    let mut groups = vec![group(endpoint, "Largest", &largest)?];
    // Each round deals all customers out, a different way each time.
    let usual = count.div_ceil(USUAL);
    for round in 1..EACH {
        let mut dealt: Vec<Vec<&String>> = vec![Vec::with_capacity(USUAL); usual];
        for (number, user) in users.iter().enumerate() {
            let hand = (number + number / usual * round) % usual;
            dealt.get_mut(hand).ok_or("no such organization")?.push(user);
        }
        for (number, members) in dealt.iter().enumerate() {
            groups.push(group(endpoint, &format!("Organization {round}.{number}"), members)?);
        }
    }
    Ok(Filled { users, groups })
}

/// The PATCH that adds or removes members.
pub(crate) fn patch(op: &str, members: &str) -> Vec<u8> {
    let schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    let text = format!(
        r#"{{"schemas":["{schema}"],"Operations":[{{"op":"{op}","path":"members","value":{members}}}]}}"#
    );
    text.into_bytes()
}

/// One member, as a list.
pub(crate) fn one(id: &str) -> String {
    format!(r#"[{{"value":"{id}"}}]"#)
}

fn list(members: &[&String]) -> String {
    let members: Vec<String> = members.iter().map(|id| format!(r#"{{"value":"{id}"}}"#)).collect();
    format!("[{}]", members.join(","))
}

/// The first `id`, which stands at the front.
fn id(answer: &[u8]) -> Fallible<String> {
    let text = std::str::from_utf8(answer)?;
    let (_, behind) = text.split_once("\"id\":\"").ok_or("an answer has no id")?;
    Ok(behind.split('"').next().unwrap_or_default().to_owned())
}
