//! The one "did you mean": the candidate nearest to a misspelt name. Error messages about unknown names ask it.
//!
//! May use: no other room.

/// How near a name has to be to be worth saying: of five letters, two may be wrong.
const NEAR: f64 = 0.6;

/// The candidate nearest to a misspelt name, where one is near enough. Of several the first counts; case does not matter.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let likeness = |candidate: &str| strsim::normalized_damerau_levenshtein(&name, &candidate.to_lowercase());
    candidates
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .min_by(|(one, _), (other, _)| other.total_cmp(one))
        .map(|(_, candidate)| candidate)
}

/// `; did you mean …?`, or nothing.
pub(crate) fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::{nearest, suggestion};

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        assert_eq!(nearest("adda", ["ada", "bob"]), Some("ada"));
        assert_eq!(nearest("asign", ["assign", "unassign"]), Some("assign"));
        assert_eq!(nearest("fuond", ["lost", "found"]), Some("found"));
        assert_eq!(nearest("zebra", ["ada", "bob"]), None);
        assert_eq!(nearest("", ["ada"]), None);
        let names = ["conflict.setting", "page.max"];
        assert_eq!(nearest("conflict.seting", names), Some("conflict.setting"));
        assert_eq!(nearest("Page.Max", names), Some("page.max"));
        assert_eq!(nearest("zzz", names), None);
    }

    #[test]
    fn of_two_that_are_as_near_the_first_is_said() {
        assert_eq!(nearest("ave", ["eve", "ada", "axe"]), Some("eve"));
    }

    #[test]
    fn nothing_is_suggested_where_nothing_is_near() {
        assert_eq!(suggestion(nearest("page.mx", ["page.max"])), "; did you mean `page.max`?");
        assert_eq!(suggestion(nearest("zebra", ["page.max"])), "");
    }
}
