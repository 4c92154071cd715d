//! Scenario files against their schema.

use serde_json::Value;

use crate::support::{Folder, Scimsnap};

const SCHEMA: &str = include_str!("../../../../schemas/scenario.schema.json");

/// A YAML file as an editor's language server reads it, with the options that the loader uses.
fn yaml(text: &str) -> Value {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
    };
    serde_saphyr::from_str_with_options(text, options).unwrap()
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

fn files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(path);
        }
    }
}

#[test]
fn the_published_schema_is_the_one_that_is_printed() {
    let folder = Folder::new();
    let outcome = Scimsnap::new(folder.path(), &["schema"]).end().exits(0);
    let same = outcome.stdout == SCHEMA;
    assert!(same, "schemas/scenario.schema.json is stale: `scimsnap schema > schemas/scenario.schema.json`");
}

#[test]
fn every_bundled_scenario_fits_the_schema() {
    let validator = validator();
    let mut found = Vec::new();
    files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut found);
    assert!(found.len() > 50, "{}", found.len());
    for path in found {
        let value = yaml(&std::fs::read_to_string(&path).unwrap());
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

#[test]
fn words_that_look_like_something_else_stay_words() {
    let value = yaml("a: yes\nb: no\nc: on\nd: 00123\ne: 1_000\nf: true\n");
    for (key, text) in [("a", "yes"), ("b", "no"), ("c", "on"), ("d", "00123"), ("e", "1_000")] {
        assert_eq!(value[key], text);
    }
    assert_eq!(value["f"], true);
}

#[test]
fn the_schema_refuses_what_the_loader_refuses() {
    let folder = Folder::new();
    let good = crate::support::ONE_USER;
    let bad = [
        good.replace("title:", "titel:"),
        good.replace("mark: inferred", "mark: guessed"),
        good.replace("- assign: ada", "- asign: ada"),
        good.replace("- assign: ada", "- assign: ada\n    push: ada"),
        good.replace("familyName: Byron", "surname: Byron"),
    ];
    assert!(validator().is_valid(&yaml(good)));
    for text in bad {
        assert!(!validator().is_valid(&yaml(&text)), "{text}");
        folder.write("scenarios/one.yaml", &text);
        Scimsnap::new(folder.path(), &["check", "scenarios"]).end().exits(3);
    }
}
