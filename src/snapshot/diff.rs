//! The difference between two outcomes, by customer, organization and field.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::outcome::{Customer, Organization, Outcome};

/// What is different between two outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The difference as lines of text: `-` was expected, `+` is there.
    pub text: String,
    /// The kinds of differences, sorted, without names and values: `customer-missing`, `organization-members`.
    pub kinds: Vec<String>,
}

/// The difference by identity. Nothing where both are the same.
pub fn diff(expected: &Outcome, got: &Outcome) -> Option<Difference> {
    if expected == got {
        return None;
    }
    let mut text = String::new();
    let organizations =
        match_up(&expected.organizations, &got.organizations, |organization| &organization.name);
    section(
        &mut text,
        "organizations",
        &organizations,
        |organization| &organization.name,
        organization_lines,
    );
    let customers = match_up(&expected.customers, &got.customers, Customer::key);
    section(&mut text, "customers", &customers, Customer::key, customer_lines);
    let mut kinds = BTreeSet::new();
    note_kinds(&mut kinds, "organization", &organizations, organization_lines);
    note_kinds(&mut kinds, "customer", &customers, customer_lines);
    Some(Difference { text, kinds: kinds.into_iter().collect() })
}

/// The whole outcome by identity, where nothing was accepted that it could differ from. Nothing where it is empty.
pub fn whole(outcome: &Outcome) -> Option<String> {
    let all = diff(&Outcome::default(), outcome)?.text;
    let lines = all.lines().map(|line| line.trim_end_matches("<- should not be there").trim_end());
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// Notes how the things of one sort differ.
fn note_kinds<T>(
    kinds: &mut BTreeSet<String>,
    sort: &str,
    pairs: &[Pair<'_, T>],
    lines: fn(&T) -> Vec<(String, String)>,
) {
    for pair in pairs {
        match *pair {
            (Some(wanted), Some(got)) => {
                let (wanted, got) = (lines(wanted), lines(got));
                let fields = wanted.iter().zip(&got).filter(|((_, before), (_, after))| before != after);
                kinds.extend(fields.map(|((field, _), _)| format!("{sort}-{field}")));
            }
            (Some(_), None) => drop(kinds.insert(format!("{sort}-missing"))),
            (None, Some(_)) => drop(kinds.insert(format!("{sort}-unexpected"))),
            (None, None) => {}
        }
    }
}

/// A thing of the one side, of the other, or of both.
type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

/// Brings both sides together by key, equal ones first, so that of twins the right ones meet.
fn match_up<'a, T: PartialEq>(expected: &'a [T], got: &'a [T], key: fn(&T) -> &str) -> Vec<Pair<'a, T>> {
    let mut left: Vec<&T> = got.iter().collect();
    let mut pairs: Vec<Pair<'a, T>> = Vec::new();
    for wanted in expected {
        let place = left
            .iter()
            .position(|other| *other == wanted)
            .or_else(|| left.iter().position(|other| key(other) == key(wanted) && !expected.contains(other)));
        pairs.push((Some(wanted), place.map(|place| left.remove(place))));
    }
    pairs.extend(left.into_iter().map(|other| (None, Some(other))));
    pairs.sort_by_cached_key(|(wanted, got)| wanted.or(*got).map(|thing| key(thing).to_lowercase()));
    pairs
}

fn section<T: PartialEq>(
    text: &mut String,
    title: &str,
    pairs: &[Pair<'_, T>],
    key: fn(&T) -> &str,
    lines: fn(&T) -> Vec<(String, String)>,
) {
    if pairs.iter().all(|(wanted, got)| wanted == got) {
        return;
    }
    let _ = writeln!(text, "{title}");
    for pair in pairs {
        match *pair {
            (Some(wanted), Some(got)) if wanted == got => {
                let _ = writeln!(text, "  = {}", one_line(key(wanted)));
            }
            (Some(wanted), Some(got)) => {
                let _ = writeln!(text, "  ~ {}", one_line(key(wanted)));
                let (wanted, got) = (lines(wanted), lines(got));
                for ((field, before), (_, after)) in wanted.iter().zip(&got) {
                    if before != after {
                        let _ = writeln!(text, "      {field:<14} - {}", one_line(before));
                        let _ = writeln!(text, "      {:<14} + {}", "", one_line(after));
                    }
                }
            }
            (Some(wanted), None) => one(text, '-', key(wanted), &lines(wanted), "is missing"),
            (None, Some(got)) => one(text, '+', key(got), &lines(got), "should not be there"),
            (None, None) => {}
        }
    }
}

fn one(text: &mut String, sign: char, key: &str, lines: &[(String, String)], what: &str) {
    let _ = writeln!(text, "  {sign} {:<30} <- {what}", one_line(key));
    for (field, value) in lines.iter().filter(|(_, value)| value != "(none)" && value != key) {
        let _ = writeln!(text, "      {field:<14} {sign} {}", one_line(value));
    }
}

/// The text without line breaks, so that a name cannot add lines to the difference. Everything else stays: each medium
/// that shows the difference has its own escapes.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        Cow::Owned(text.replace('\n', "\\n").replace('\r', "\\r"))
    } else {
        Cow::Borrowed(text)
    }
}

fn organization_lines(organization: &Organization) -> Vec<(String, String)> {
    vec![
        ("name".to_owned(), organization.name.clone()),
        ("source".to_owned(), shown(organization.source.as_deref())),
        ("members".to_owned(), list(&organization.members)),
    ]
}

fn customer_lines(customer: &Customer) -> Vec<(String, String)> {
    let mut lines = vec![
        ("userName".to_owned(), shown(customer.user_name.as_deref())),
        ("email".to_owned(), shown(customer.email.as_deref())),
        ("givenName".to_owned(), shown(customer.given_name.as_deref())),
        ("familyName".to_owned(), shown(customer.family_name.as_deref())),
        ("displayName".to_owned(), shown(customer.display_name.as_deref())),
        (
            "active".to_owned(),
            customer.active.map_or_else(|| "(none)".to_owned(), |active| active.to_string()),
        ),
    ];
    for (field, value) in &customer.further {
        let value = match value {
            Value::Null => "(none)".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        lines.push((field.clone(), value));
    }
    lines.push(("organizations".to_owned(), list(&customer.organizations)));
    lines
}

fn shown(value: Option<&str>) -> String {
    value.map_or_else(|| "(none)".to_owned(), str::to_owned)
}

fn list(values: &[String]) -> String {
    if values.is_empty() { "(none)".to_owned() } else { values.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization(name: &str, members: &[&str]) -> Organization {
        Organization {
            name: name.to_owned(),
            source: Some("synced".to_owned()),
            members: members.iter().map(|member| (*member).to_owned()).collect(),
        }
    }

    #[test]
    fn it_says_which_organization_and_which_field() {
        let expected = Outcome {
            customers: Vec::new(),
            organizations: vec![
                organization("Acme", &["<person:ada>", "<person:bob>"]),
                organization("Globex", &[]),
            ],
        };
        let got = Outcome {
            customers: Vec::new(),
            organizations: vec![
                organization("Acme", &["<person:bob>"]),
                organization("Globex", &[]),
                organization("acme", &[]),
            ],
        };
        insta::assert_snapshot!(diff(&expected, &got).unwrap().text, @r"
        organizations
          ~ Acme
              members        - <person:ada>, <person:bob>
                             + <person:bob>
          + acme                           <- should not be there
              source         + synced
          = Globex
        ");
        let kinds = diff(&expected, &got).unwrap().kinds;
        assert_eq!(kinds, ["organization-members", "organization-unexpected"]);
        assert_eq!(diff(&expected, &expected), None);
    }

    #[test]
    fn a_name_adds_no_lines() {
        let expected = Outcome { customers: Vec::new(), organizations: vec![organization("Acme", &["a"])] };
        let got = Outcome {
            customers: Vec::new(),
            organizations: vec![organization("Acme", &["a\n  = Acme\r"]), organization("x\n+ y", &["\n"])],
        };
        insta::assert_snapshot!(diff(&expected, &got).unwrap().text, @r"
        organizations
          ~ Acme
              members        - a
                             + a\n  = Acme\r
          + x\n+ y                         <- should not be there
              source         + synced
              members        + \n
        ");
    }
}
