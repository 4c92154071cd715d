//! Which ways of a behaviour exclude each other.

/// Behaviours that an endpoint has one way of, whatever it is asked.
const ONE_WAY: [&str; 3] = ["after-deletion", "lookup-of-inactive", "members-in-lists"];

/// What a filter ends with that was ignored.
const IGNORED: &str = ", ignored";

/// Whether one endpoint that shows both ways contradicts itself.
pub fn contradict(behaviour: &str, one: &str, other: &str) -> bool {
    if one == other {
        return false;
    }
    match behaviour {
        // Looked up and created by different rules, a name is the same and is not.
        "name-case" => {
            let parts = |way: &str| {
                let (kind, rest) = way.split_once(": ").unwrap_or((way, ""));
                (kind.to_owned(), rest.split(" (").next().unwrap_or_default().to_owned())
            };
            let ((kind, way), (other_kind, other_way)) = (parts(one), parts(other));
            kind == other_kind && way != other_way
        }
        "filter" => one.trim_end_matches(IGNORED) == other.trim_end_matches(IGNORED),
        _ => ONE_WAY.contains(&behaviour),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_that_exclude_each_other() {
        for (behaviour, one, other, is_contradiction) in [
            ("name-case", "users: any case (lookup)", "users: exact (creation)", true),
            ("name-case", "users: any case (lookup)", "users: exact (lookup)", true),
            ("name-case", "users: any case (lookup)", "users: any case (creation)", false),
            ("name-case", "users: any case (lookup)", "groups: exact (creation)", false),
            ("filter", "users: userName eq", "users: userName eq, ignored", true),
            ("filter", "users: userName eq", "users: externalId eq", false),
            ("after-deletion", "404", "200", true),
            ("lookup-of-inactive", "found", "not found", true),
            ("patch-answer", "204", "200", false),
            ("page-limit", "50", "100", false),
            ("after-deletion", "404", "404", false),
        ] {
            assert_eq!(contradict(behaviour, one, other), is_contradiction, "{behaviour}: {one}, {other}");
            assert_eq!(contradict(behaviour, other, one), is_contradiction, "{behaviour}: {other}, {one}");
        }
    }
}
