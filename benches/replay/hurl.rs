//! The same requests as Hurl files, with the checks that a user would write beside them.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

use super::traffic::{Conversations, Received};

/// Writes one Hurl file for each conversation.
pub(crate) fn write(folder: &Path, conversations: &Conversations) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (number, conversation) in conversations.values().enumerate() {
        fs::write(folder.join(format!("{number:05}.hurl")), file(conversation))?;
    }
    Ok(())
}

/// The text of one file: the endpoint's id is captured from the creation and used from then on.
pub(crate) fn file(conversation: &[Received]) -> String {
    let created = conversation.iter().find(|one| one.method == "POST");
    let id = created.and_then(|one| one.id.as_deref());
    let user: Option<Value> = created.and_then(|one| serde_json::from_str(&one.body).ok());
    let mut text = String::new();
    let mut there = 0;
    for one in conversation {
        let target = id.map_or(one.target.clone(), |id| one.target.replace(id, "{{id}}"));
        let _ = writeln!(text, "{} {{{{base}}}}{target}", one.method);
        for (name, value) in &one.headers {
            match name.as_str() {
                "host" | "content-length" => {}
                "authorization" => text.push_str("authorization: Bearer {{token}}\n"),
                _ => {
                    let _ = writeln!(text, "{name}: {value}");
                }
            }
        }
        if !one.body.is_empty() {
            text.push_str(&one.body);
            text.push('\n');
        }
        let path = one.target.split('?').next().unwrap_or_default();
        match &user {
            Some(user) if one.method == "POST" => {
                there = 1;
                text.push_str("HTTP 201\n[Captures]\nid: jsonpath \"$.id\"\n[Asserts]\n");
                text.push_str(&equals("$.userName", &user["userName"]));
            }
            // The endpoint says nothing of itself.
            _ if !path.starts_with("/Users") => text.push_str("HTTP 404\n"),
            Some(user) if path != "/Users" => {
                text.push_str("HTTP 200\n[Asserts]\n");
                text.push_str(&equals("$.userName", &user["userName"]));
                text.push_str(&equals("$.name.givenName", &user["name"]["givenName"]));
                text.push_str(&equals("$.name.familyName", &user["name"]["familyName"]));
                text.push_str(&equals("$.emails[0].value", &user["emails"][0]["value"]));
                text.push_str(&equals("$.active", &user["active"]));
            }
            _ if one.target.contains("filter=") => {
                text.push_str("HTTP 200\n[Asserts]\n");
                text.push_str(&equals("$.totalResults", &Value::from(there)));
            }
            _ => text.push_str("HTTP 200\n[Asserts]\njsonpath \"$.totalResults\" exists\n"),
        }
        text.push('\n');
    }
    text
}

fn equals(path: &str, value: &Value) -> String {
    format!("jsonpath \"{path}\" == {value}\n")
}
