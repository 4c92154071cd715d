//! A small honest SCIM endpoint with as many strangers as one likes.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::sync::{Mutex, OnceLock};

use serde_json::{Value, json};

use super::endless::Hostility;
use super::server::{Chunked, Request};

/// What the endpoint is like.
#[derive(Debug, Default)]
pub(crate) struct Tenant {
    /// Users whom the run did not create.
    pub(crate) strangers: usize,
    /// Members of every group whom the run did not create.
    pub(crate) members: usize,
    /// Whether filters are heeded.
    pub(crate) filters: bool,
    /// A text of JSON that every resource and error carries.
    pub(crate) padding: String,
    /// What lookups and creations are answered with instead.
    pub(crate) hostility: Option<Hostility>,
    pub(crate) store: Mutex<Store>,
    /// The strangers as JSON, written once.
    pub(crate) shown_users: OnceLock<Vec<u8>>,
    pub(crate) shown_members: OnceLock<Vec<u8>>,
}

#[derive(Debug, Default)]
pub(crate) struct Store {
    next: usize,
    resources: BTreeMap<String, (String, Value)>,
}

impl Tenant {
    pub(crate) fn answer(&self, request: &Request, out: &mut impl Write) -> io::Result<()> {
        let is_plain = request.query.contains("count=1&") || request.query.ends_with("count=1");
        let mut segments = request.path.trim_start_matches('/').splitn(2, '/');
        let (collection, id) = (segments.next().unwrap_or_default(), segments.next());
        if !matches!(collection, "Users" | "Groups") {
            return self.error(404, out);
        }
        if let Some(hostility) = self.hostility.filter(|_| !is_plain) {
            return hostility.answer(out);
        }
        let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match (request.method.as_str(), id) {
            ("GET", None) => self.list(collection, request, out),
            ("POST", None) => {
                let name = sent["userName"].as_str().or(sent["displayName"].as_str()).unwrap_or_default();
                let created = {
                    let mut store = self.store.lock().unwrap();
                    if store.named(collection, name).is_some() {
                        None
                    } else {
                        store.next += 1;
                        let id = format!("ours-{:08}", store.next);
                        let mut resource = sent.clone();
                        resource["id"] = id.clone().into();
                        store.resources.insert(id, (collection.to_owned(), resource.clone()));
                        Some(resource)
                    }
                };
                match created {
                    Some(resource) => self.resource(201, &resource, out),
                    None => self.error(409, out),
                }
            }
            (method, Some(id)) => {
                let resource = {
                    let mut store = self.store.lock().unwrap();
                    let Some((_, resource)) = store.resources.get_mut(id) else {
                        return self.error(404, out);
                    };
                    match method {
                        "PUT" => {
                            *resource = sent;
                            resource["id"] = id.into();
                        }
                        "PATCH" => patch(resource, &sent),
                        _ => {}
                    }
                    let resource = resource.clone();
                    if method == "DELETE" {
                        store.resources.remove(id);
                    }
                    resource
                };
                if method == "DELETE" {
                    return out.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
                }
                self.resource(200, &resource, out)
            }
            _ => self.error(405, out),
        }
    }

    fn error(&self, status: u16, out: &mut impl Write) -> io::Result<()> {
        let mut out = BufWriter::new(Chunked::begin(out, status, "")?);
        write!(
            out,
            r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"{status}","detail":"No.{}"{}}}"#,
            self.padding,
            if status == 409 { r#","scimType":"uniqueness""# } else { "" }
        )?;
        out.into_inner()?.end()
    }

    fn resource(&self, status: u16, resource: &Value, out: &mut impl Write) -> io::Result<()> {
        let mut out = BufWriter::new(Chunked::begin(out, status, "")?);
        self.write(resource, &mut out)?;
        out.into_inner()?.end()
    }

    /// Writes a resource with padding, and a group with its strangers before its own members.
    fn write(&self, resource: &Value, out: &mut impl Write) -> io::Result<()> {
        let mut head = resource.clone();
        let object = head.as_object_mut().unwrap();
        let members = object.remove("members");
        object.remove("padding");
        let head = head.to_string();
        write!(out, r#"{},"padding":"{}""#, &head[..head.len() - 1], self.padding)?;
        if resource.get("displayName").is_some() && resource.get("userName").is_none() {
            out.write_all(br#","members":["#)?;
            out.write_all(self.shown_members.get_or_init(|| members_of(self.members)))?;
            let mut separator = if self.members > 0 { "," } else { "" };
            for member in members.as_ref().and_then(Value::as_array).into_iter().flatten() {
                write!(out, "{separator}{member}")?;
                separator = ",";
            }
            out.write_all(b"]")?;
        }
        out.write_all(b"}")
    }

    fn list(&self, collection: &str, request: &Request, out: &mut impl Write) -> io::Result<()> {
        let wanted = request.query.split('&').find_map(|part| part.strip_prefix("filter="));
        let wanted = wanted.map(|filter| {
            let filter =
                filter.replace("%22", "\"").replace("%40", "@").replace('+', " ").replace("%20", " ");
            filter.split('"').nth(1).unwrap_or_default().to_lowercase()
        });
        let wanted = wanted.filter(|_| self.filters);
        let ours: Vec<Value> = {
            let store = self.store.lock().unwrap();
            let all = store.resources.values().filter(|(of, _)| of == collection);
            let matching =
                all.filter(|(_, resource)| wanted.as_ref().is_none_or(|wanted| name(resource) == *wanted));
            matching.map(|(_, resource)| resource.clone()).collect()
        };
        let strangers = if collection == "Users" && wanted.is_none() { self.strangers } else { 0 };
        let mut out = BufWriter::with_capacity(32 * 1024, Chunked::begin(out, 200, "")?);
        write!(
            out,
            r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":{},"startIndex":1,"Resources":["#,
            ours.len() + strangers
        )?;
        if strangers > 0 {
            out.write_all(self.shown_users.get_or_init(|| users(strangers)))?;
        }
        let mut separator = if strangers > 0 { "," } else { "" };
        for resource in &ours {
            out.write_all(separator.as_bytes())?;
            self.write(resource, &mut out)?;
            separator = ",";
        }
        out.write_all(b"]}")?;
        out.into_inner()?.end()
    }
}

impl Store {
    fn named(&self, collection: &str, wanted: &str) -> Option<&Value> {
        let wanted = wanted.to_lowercase();
        let all = self.resources.values().filter(|(of, _)| of == collection);
        all.map(|(_, resource)| resource).find(|resource| name(resource) == wanted)
    }
}

fn name(resource: &Value) -> String {
    resource["userName"].as_str().or(resource["displayName"].as_str()).unwrap_or_default().to_lowercase()
}

/// As much of PATCH as the two providers need here.
fn patch(resource: &mut Value, sent: &Value) {
    for operation in sent["Operations"].as_array().into_iter().flatten() {
        let op = operation["op"].as_str().unwrap_or_default().to_lowercase();
        let path = operation["path"].as_str().unwrap_or_default();
        let value = &operation["value"];
        if path.starts_with("members") {
            let filtered = path.split('"').nth(1).map(|id| json!([{"value": id}]));
            let named = filtered.unwrap_or_else(|| value.clone());
            let ids: Vec<&Value> =
                named.as_array().into_iter().flatten().map(|member| &member["value"]).collect();
            let mut members = resource["members"].as_array().cloned().unwrap_or_default();
            members.retain(|member| op != "replace" && !ids.contains(&&member["value"]));
            if op != "remove" {
                members.extend(named.as_array().into_iter().flatten().cloned());
            }
            resource["members"] = members.into();
        } else if path.is_empty() {
            for (name, value) in value.as_object().into_iter().flatten() {
                resource[name] = value.clone();
            }
        } else {
            resource[path] = value.clone();
        }
    }
}

fn members_of(strangers: usize) -> Vec<u8> {
    let member = |number: usize| {
        let id = format!("8f14e45f-ceea-467f-a8c2-{number:012}");
        format!(
            r#"{{"value":"{id}","$ref":"https://example.com/scim/Users/{id}","display":"Stranger {number}"}}"#
        )
    };
    (0..strangers).map(member).collect::<Vec<_>>().join(",").into_bytes()
}

fn users(strangers: usize) -> Vec<u8> {
    let user = |number: usize| {
        format!(
            r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"8f14e45f-ceea-467f-a8c2-{number:012}","userName":"stranger{number}@example.org","name":{{"givenName":"Given{number}","familyName":"Family{number}"}},"emails":[{{"value":"stranger{number}@example.org","type":"work","primary":true}}],"active":true}}"#
        )
    };
    (0..strangers).map(user).collect::<Vec<_>>().join(",").into_bytes()
}
