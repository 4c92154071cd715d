//! Suggests the name that was probably meant.

/// The candidate nearest to a misspelt name, where one is near enough to be worth saying.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (similarity(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

fn similarity(a: &str, b: &str) -> f32 {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    similar::capture_diff_slices(similar::Algorithm::Myers, &a, &b)
        .iter()
        .filter_map(|op| match op {
            similar::DiffOp::Equal { len, .. } => Some(*len),
            similar::DiffOp::Delete { .. }
            | similar::DiffOp::Insert { .. }
            | similar::DiffOp::Replace { .. } => None,
        })
        .map(|len| 2.0 * f32::from(u16::try_from(len).unwrap_or(u16::MAX)))
        .sum::<f32>()
        / f32::from(u16::try_from((a.len() + b.len()).max(1)).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        assert_eq!(nearest("adda", ["ada", "bob"]), Some("ada"));
        assert_eq!(nearest("asign", ["assign", "unassign"]), Some("assign"));
        assert_eq!(nearest("zebra", ["ada", "bob"]), None);
    }
}
