//! What an endpoint received, in a form in which two runs can be compared.

use std::collections::BTreeMap;

use serde_json::Value;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query below the SCIM base URL.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The id of the resource in the answer.
    pub(crate) id: Option<String>,
}

/// The requests about one user, in order; requests about nobody stand under the empty name.
pub(crate) type Conversations = BTreeMap<String, Vec<Received>>;

/// Sorts requests by the user they are about: several are served at a time, so only the order within one counts.
pub(crate) fn conversations(log: &[Received]) -> Conversations {
    let names: Vec<(String, Option<&str>)> = log
        .iter()
        .filter(|received| received.method == "POST")
        .filter_map(|received| Some((user_name(received)?, received.id.as_deref())))
        .collect();
    let mut by: Conversations = BTreeMap::new();
    for received in log {
        let about = names.iter().find(|(name, id)| {
            received.target.contains(name.as_str())
                || received.target.contains(&encoded(name))
                || received.body.contains(name.as_str())
                || id.is_some_and(|id| received.target.contains(id))
        });
        let name = about.map(|(name, _)| name.clone()).unwrap_or_default();
        by.entry(name).or_default().push(received.clone());
    }
    by
}

/// Method, target and body of every request, by user and in order, without ids and without the run's token.
pub(crate) fn shape(log: &[Received]) -> BTreeMap<String, Vec<(String, String, String)>> {
    let plain = |name: &str| name.split_once('.').map_or(name, |(_, rest)| rest).to_owned();
    let mut shape = BTreeMap::new();
    for (name, conversation) in conversations(log) {
        let token = name.split_once('.').map_or("", |(token, _)| token);
        let id = conversation.iter().filter(|one| one.method == "POST").find_map(|one| one.id.as_deref());
        let clean = |text: &str| {
            let text = if token.is_empty() { text.to_owned() } else { text.replace(token, "token") };
            id.map_or(text.clone(), |id| text.replace(id, "id"))
        };
        let lines = conversation.iter().map(|one| (one.method.clone(), clean(&one.target), clean(&one.body)));
        shape.insert(plain(&name), lines.collect());
    }
    shape
}

fn user_name(received: &Received) -> Option<String> {
    let body: Value = serde_json::from_str(&received.body).ok()?;
    Some(body.get("userName")?.as_str()?.to_owned())
}

fn encoded(name: &str) -> String {
    name.replace('@', "%40")
}
