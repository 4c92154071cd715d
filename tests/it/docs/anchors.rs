//! Citations lead somewhere: whoever names a page, or a heading of one, names one that is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where citations are looked for.
const CITING: [&str; 11] = [
    "src",
    "scenarios",
    "fixtures",
    "docs",
    "tests",
    "schemas",
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file below a path, but for what other people wrote.
fn texts(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.extend(std::fs::read_to_string(path).is_ok().then(|| path.to_owned()));
    } else if let Ok(entries) = std::fs::read_dir(path) {
        for entry in entries.flatten().filter(|entry| entry.file_name() != "node_modules") {
            texts(&entry.path(), found);
        }
    }
}

/// The anchors of a page: the slugs of its headings, as GitHub makes them.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors = BTreeSet::new();
    let mut is_code = false;
    for line in page.lines() {
        is_code ^= line.trim_start().starts_with("```");
        let Some(heading) = line.strip_prefix('#').filter(|_| !is_code) else { continue };
        let slug = slug(heading.trim_start_matches('#').trim());
        let times = seen.entry(slug.clone()).or_insert(0);
        anchors.insert(if *times == 0 { slug } else { format!("{slug}-{times}") });
        *times += 1;
    }
    anchors
}

fn slug(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

/// What a text cites of the folder `docs`: pages by their path from the root, with an anchor or without.
fn cited(text: &str) -> Vec<(String, Option<String>)> {
    let mut cited = Vec::new();
    for (start, _) in text.match_indices("docs/") {
        let rest = &text[start..];
        let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '/' | '-' | '_' | '.');
        let path = &rest[..rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())];
        let Some(end) = path.find(".md") else { continue };
        let after = &rest[end + 3..];
        let anchor = after.strip_prefix('#').map(|after| {
            let is_anchor = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
            after[..after.find(|letter| !is_anchor(letter)).unwrap_or(after.len())].to_owned()
        });
        cited.push((path[..end + 3].to_owned(), anchor));
    }
    cited
}

/// The links of a Markdown page to pages beside it and to its own headings.
fn links(page: &Path, text: &str) -> Vec<(PathBuf, Option<String>)> {
    let mut links = Vec::new();
    for (start, _) in text.match_indices("](") {
        let rest = &text[start + 2..];
        let Some(end) = rest.find(')') else { continue };
        let link = &rest[..end];
        if link.contains("://") || link.contains(char::is_whitespace) {
            continue;
        }
        let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
        let target = if path.is_empty() { page.to_owned() } else { page.with_file_name(path) };
        links.push((target, anchor.map(str::to_owned)));
    }
    links
}

#[test]
fn every_citation_names_a_page_and_a_heading_that_are_there() {
    let mut files = Vec::new();
    for place in CITING {
        let before = files.len();
        texts(&root().join(place), &mut files);
        assert!(files.len() > before, "there is no {place}");
    }
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        let mut targets: Vec<(PathBuf, Option<String>)> = Vec::new();
        // The pages about others name files in others' repositories, and their own by links.
        let is_about_others = file.starts_with(root().join("docs/providers"))
            || file.ends_with("docs/jira-service-management.md")
            || file.ends_with("tests/it/docs/anchors.rs");
        if !is_about_others {
            targets.extend(cited(&text).into_iter().map(|(page, anchor)| (root().join(page), anchor)));
        }
        if file.extension().is_some_and(|ending| ending == "md") {
            targets.extend(links(file, &text));
        }
        for (page, anchor) in targets {
            checked += 1;
            let shown = file.strip_prefix(root()).unwrap().display();
            let Ok(there) = std::fs::read_to_string(&page) else {
                if !page.is_dir() {
                    wrong.push(format!("{shown}: there is no {}", page.display()));
                }
                continue;
            };
            if let Some(anchor) = anchor.filter(|anchor| !anchors(&there).contains(anchor)) {
                wrong.push(format!("{shown}: {} has no heading #{anchor}", page.display()));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {checked} citations lead nowhere:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked > 500, "only {checked} citations were found");
}

#[test]
fn every_request_of_a_fixture_cites_a_heading() {
    let (mut files, mut requests) = (Vec::new(), 0);
    texts(&root().join("fixtures"), &mut files);
    let files = files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "json"));
    for file in files.filter(|file| !file.starts_with(root().join("fixtures/scim"))) {
        let fixture: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for request in fixture["requests"].as_array().into_iter().flatten() {
            requests += 1;
            let source = request["source"].as_str().unwrap_or_default();
            let is_cited =
                cited(source).iter().any(|(page, anchor)| page.starts_with("docs/") && anchor.is_some());
            assert!(is_cited, "{}: {source:?} names no heading", file.display());
        }
    }
    assert!(requests > 300, "only {requests} requests were found");
}

#[test]
fn a_missing_page_and_a_missing_heading_would_be_noticed() {
    assert_eq!(slug("POST answered `409`, or not"), "post-answered-409-or-not");
    let page = "# A page\n\n## Twice\n\n## Twice\n```\n# not a heading\n```\n";
    assert_eq!(anchors(page).into_iter().collect::<Vec<_>>(), ["a-page", "twice", "twice-1"]);
    let text = "as docs/providers/entra.md#a-heading, and docs/wire.md.";
    let found = cited(text);
    assert_eq!(found[0], ("docs/providers/entra.md".to_owned(), Some("a-heading".to_owned())));
    assert_eq!(found[1], ("docs/wire.md".to_owned(), None));
}
