//! The list of the defects and the quirks.

use std::fmt::Write as _;

use crate::reference::DefectRow;

/// Every row with its story, by topic.
pub(crate) fn list(defects: &[&DefectRow], quirks: &[&DefectRow]) -> String {
    let mut text = String::new();
    let mut topic = "";
    for row in defects {
        if topic != row.topic {
            let gap = if topic.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{}", row.topic);
            topic = row.topic;
        }
        let _ = writeln!(text, "  {}", row.name);
        let _ = writeln!(text, "      {}", row.story);
        let _ = writeln!(
            text,
            "      affects {} · detected by {} · {}",
            row.hurts.join(", "),
            row.shown_by,
            row.source
        );
    }
    if !quirks.is_empty() {
        text.push_str("\nquirks: unusual but legal, and no reason for a finding\n");
    }
    for row in quirks {
        let _ = writeln!(text, "  {}\n      {} · {}", row.name, row.story, row.source);
    }
    text
}
