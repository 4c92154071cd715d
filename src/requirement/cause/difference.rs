//! Says in words what of an outcome differs.

use std::collections::BTreeMap;

/// What differs, as a fragment that begins in lower case, from kinds without names: `customer-missing`,
/// `organization-members`. Nothing where there is none.
pub(super) fn in_words(kinds: &[String]) -> Option<String> {
    let mut whole: Vec<String> = Vec::new();
    let mut attributes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for kind in kinds {
        let (sort, what) = kind.split_once('-')?;
        match what {
            "missing" => whole.push(format!("{} is missing", article(sort))),
            "unexpected" => whole.push(format!("there is {} too many", article(sort))),
            attribute => attributes.entry(sort).or_default().push(format!("`{attribute}`")),
        }
    }
    let differ = |(sort, names): (&str, Vec<String>)| {
        let verb = if names.len() == 1 { "differs" } else { "differ" };
        let (last, first) =
            (names.last().cloned().unwrap_or_default(), &names[..names.len().saturating_sub(1)]);
        let list = if first.is_empty() { last } else { format!("{} and {last}", first.join(", ")) };
        format!("{list} of {} {verb}", article(sort))
    };
    whole.extend(attributes.into_iter().map(differ));
    (!whole.is_empty()).then(|| whole.join(", "))
}

fn article(sort: &str) -> String {
    let article = if sort.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {sort}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_said_as_a_reader_would() {
        let said = |kinds: &[&str]| {
            let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            in_words(&kinds).unwrap_or_default()
        };
        assert_eq!(said(&["customer-missing"]), "a customer is missing");
        assert_eq!(said(&["organization-members"]), "`members` of an organization differs");
        assert_eq!(
            said(&["customer-department", "customer-employeeNumber"]),
            "`department` and `employeeNumber` of a customer differ"
        );
        assert_eq!(
            said(&["customer-active", "organization-missing"]),
            "an organization is missing, `active` of a customer differs"
        );
        assert_eq!(said(&[]), "");
    }
}
