//! What a script did not create stays as it is, and what it created goes.

use super::{Reader, causes, play, run, written};
use crate::support::{Folder, Served};

#[test]
fn a_tenant_is_afterwards_as_it_was() {
    for (defect, scenario) in [
        ("filter-ignored", "users/second-person-is-somebody-else"),
        ("duplicate-taken-over", "users/duplicate-is-refused"),
        ("remove-one-removes-all", "groups/member-removed"),
    ] {
        let (folder, served) = (Folder::new(), Served::new(&["--defect", defect]));
        run(&folder, &served, scenario);
        let tenant = Served::new(&["--defect", defect]);
        tenant.populate(5, 2);
        let before = tenant.everything();
        let report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
        let mut played = 0;
        for path in causes(&report, "must").into_iter().filter_map(|cause| written(&folder, cause)) {
            let reader = if played == 0 { Reader::Any } else { Reader::Sed };
            play(&path, &folder, &tenant, reader).exits(1);
            played += 1;
        }
        assert!(played > 0, "{defect}");
        assert_eq!(tenant.everything(), before, "{defect}");
    }
}

#[test]
fn a_report_that_names_somebody_elses_resource_gets_no_script() {
    let (folder, served) = (Folder::new(), Served::new(&["--defect", "remove-one-removes-all"]));
    run(&folder, &served, "groups/member-removed");
    // Whoever writes a report can name any id: without its creation nothing is written to it.
    let mut report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    for cause in report["causes"].as_array_mut().unwrap() {
        cause["script"]["steps"].as_array_mut().unwrap().retain(|step| step["exchange"]["method"] != "POST");
    }
    folder.write("out.json", &report.to_string());
    assert_eq!(written(&folder, "one-removed-member/wiped"), None);
}
