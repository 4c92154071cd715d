//! The valid name that somebody probably meant.

/// The candidate with the fewest edits from `text`, if those are few.
pub(crate) fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = text.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (edits(&typed, &candidate.to_lowercase()), candidate))
        .filter(|(edits, candidate)| *edits <= candidate.chars().count().div_ceil(3))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, from) in left.chars().enumerate() {
        let mut corner = above;
        let mut last = above + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&right) {
            let kept = corner + usize::from(from != *to);
            corner = *cell;
            last = kept.min(corner + 1).min(last + 1);
            *cell = last;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// `; did you mean …?`, or nothing.
pub(crate) fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::{edits, nearest};

    #[test]
    fn distances_are_levenshteins() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("abc", ""), 3);
        assert_eq!(edits("same", "same"), 0);
    }

    #[test]
    fn a_slip_is_recognised_and_nonsense_is_not() {
        let names = ["conflict.setting", "page.max"];
        assert_eq!(nearest("conflict.seting", names), Some("conflict.setting"));
        assert_eq!(nearest("Page.Max", names), Some("page.max"));
        assert_eq!(nearest("zzz", names), None);
    }
}
