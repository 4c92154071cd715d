//! Folds the people of a generator into one: a thousand customers of one pattern are one entry with a range, so that a
//! snapshot can be read. Whoever differs from the pattern stands apart, and duplicates stay.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::model::{Customer, Organization};

/// Where a number stands in a pattern.
const NUMBER: &str = "{n}";

/// The customers, each with its alias, as an outcome shows them.
pub(super) fn customers(all: Vec<(String, Customer)>, crowds: &BTreeSet<String>) -> Vec<Customer> {
    let mut folded = Vec::with_capacity(all.len().min(64));
    let mut patterns: IndexMap<(String, String), Vec<(usize, Customer)>> = IndexMap::new();
    for (alias, customer) in all {
        match person(&alias, crowds) {
            None => folded.push(customer),
            Some((crowd, number)) => {
                let pattern = serde_json::to_string(&patterned(&customer, number)).unwrap_or_default();
                patterns.entry((crowd.to_owned(), pattern)).or_default().push((number, customer));
            }
        }
    }
    for ((crowd, _), mut people) in patterns {
        let numbers = people.iter().map(|(number, _)| *number).collect();
        let Some((number, customer)) = people.pop() else { continue };
        if people.is_empty() {
            folded.push(customer);
            continue;
        }
        let mut pattern = patterned(&customer, number);
        pattern.further.shift_insert(
            0,
            "people".to_owned(),
            ranges(&crowd, &numbers).into_iter().map(Value::from).collect(),
        );
        folded.push(pattern);
    }
    folded
}

/// The members of an organization, ranges in place of runs.
pub(super) fn members(organization: &mut Organization, crowds: &BTreeSet<String>) {
    if crowds.is_empty() {
        return;
    }
    let mut seen: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    organization.members.retain(|alias| match person(alias, crowds) {
        // A second time is not folded, so that it is seen.
        Some((crowd, number)) => !seen.entry(crowd.to_owned()).or_default().insert(number),
        None => true,
    });
    for (crowd, numbers) in seen {
        organization.members.extend(ranges(&crowd, &numbers));
    }
}

/// The generator and the number that an alias names: `<person:crowd-7>`.
fn person<'a>(alias: &'a str, crowds: &BTreeSet<String>) -> Option<(&'a str, usize)> {
    let key = alias.strip_prefix("<person:")?.strip_suffix('>')?;
    let (crowd, number) = key.rsplit_once('-')?;
    crowds.contains(crowd).then_some(crowd).zip(number.parse().ok())
}

/// A customer with `{n}` wherever the number stands by itself. Where they belong is not part of a pattern.
fn patterned(customer: &Customer, number: usize) -> Customer {
    let number = number.to_string();
    let mut pattern = customer.clone();
    let organizations = std::mem::take(&mut pattern.organizations);
    pattern.each_text(&mut |text| *text = with_holes(text, &number));
    Customer { organizations, ..pattern }
}

fn with_holes(text: &str, number: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = rest[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - start);
        let (before, found) = (&rest[..start], &rest[start..start + digits]);
        pattern.push_str(before);
        pattern.push_str(if found == number { NUMBER } else { found });
        rest = &rest[start + digits..];
    }
    pattern + rest
}

/// The aliases of runs of numbers: `<person:crowd-1..100>`, `<person:crowd-102>`.
fn ranges(crowd: &str, numbers: &BTreeSet<usize>) -> Vec<String> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let named = runs.into_iter().map(|(first, last)| {
        if first == last {
            format!("<person:{crowd}-{first}>")
        } else {
            format!("<person:{crowd}-{first}..{last}>")
        }
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowds() -> BTreeSet<String> {
        BTreeSet::from(["crowd".to_owned()])
    }

    fn customer(number: usize, title: &str) -> (String, Customer) {
        let customer = Customer {
            user_name: Some(format!("p{number}@example.com")),
            given_name: Some(title.to_owned()),
            organizations: vec!["Level 2".to_owned()],
            ..Customer::default()
        };
        (format!("<person:crowd-{number}>"), customer)
    }

    #[test]
    fn people_of_one_pattern_are_one_and_others_stand_apart() {
        let all = vec![
            customer(1, "No 1"),
            customer(2, "No 2"),
            customer(3, "other"),
            customer(4, "No 4"),
            ("<person:ada>".to_owned(), Customer::default()),
        ];
        let folded = customers(all, &crowds());
        assert_eq!(folded.len(), 3);
        assert_eq!(folded[1].user_name.as_deref(), Some("p{n}@example.com"));
        assert_eq!(folded[1].given_name.as_deref(), Some("No {n}"));
        assert_eq!(folded[1].organizations, ["Level 2"]);
        assert_eq!(
            folded[1].further["people"],
            serde_json::json!(["<person:crowd-1..2>", "<person:crowd-4>"])
        );
        assert_eq!(folded[2].user_name.as_deref(), Some("p3@example.com"));
    }

    #[test]
    fn a_member_who_is_missing_or_there_twice_is_seen() {
        let mut organization = Organization { name: "Acme".to_owned(), source: None, members: Vec::new() };
        let numbers = [1, 2, 3, 5, 5];
        organization.members = numbers.map(|number| format!("<person:crowd-{number}>")).to_vec();
        organization.members.push("<gone:ada>".to_owned());
        members(&mut organization, &crowds());
        assert_eq!(
            organization.members,
            ["<person:crowd-5>", "<gone:ada>", "<person:crowd-1..3>", "<person:crowd-5>"]
        );
    }
}
