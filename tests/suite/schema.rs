//! The schema of test files, against examples, the shipped suites, and files that are refused.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use ruleproof::suite::{SCHEMA, discover};
use serde_json::Value;

use crate::bad_files::{BAD, Schema};
use crate::support::{as_json, problems};

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::draft202012::new(&schema).unwrap()
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_shipped_suites_fit_the_schema() {
    let validator = validator();
    let files = discover(&[repository().join("rules")]).unwrap();
    assert!(files.len() >= 6, "{files:?}");
    for file in files {
        let json = as_json("x.test.yaml", &fs::read_to_string(&file).unwrap()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
}

#[test]
fn the_examples_of_the_manual_fit_reader_and_schema() {
    let validator = validator();
    let manual = fs::read_to_string(repository().join("rules/README.md")).unwrap();
    let examples = manual.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let whole: Vec<&str> = examples.filter(|example| example.contains("version: 1")).collect();
    assert!(!whole.is_empty());
    for example in whole {
        assert_eq!(problems("x.test.yaml", example), [""; 0]);
        let json = as_json("x.test.yaml", example).unwrap();
        assert!(validator.is_valid(&json), "{example}");
    }
}

#[test]
fn reader_and_schema_refuse_the_same_files() {
    let validator = validator();
    for (head, rest, schema, _) in BAD {
        let json = as_json("x.test.yaml", &format!("{head}{rest}"));
        let refused = json.is_none_or(|json| !validator.is_valid(&json));
        assert_eq!(refused, *schema == Schema::Refuses, "{rest}");
    }
}

#[test]
fn the_schema_knows_every_code_that_judging_here_can_give() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let codes = schema["$defs"]["expectation"]["properties"]["code"]["enum"].as_array().unwrap();
    let known: Vec<&str> = ruleproof::verdict::Code::LOCAL.map(ruleproof::verdict::Code::as_str).to_vec();
    assert_eq!(codes.iter().map(|code| code.as_str().unwrap()).collect::<Vec<_>>(), known);
}

#[test]
fn every_key_of_the_schema_is_in_the_manual() {
    let manual = fs::read_to_string(repository().join("rules/README.md")).unwrap();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut missing = Vec::new();
    let definitions = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    for properties in definitions.filter_map(|definition| definition["properties"].as_object()) {
        let envelope = ["source", "detail-type", "detail"];
        let keys = properties.keys().filter(|key| !envelope.contains(&key.as_str()));
        missing.extend(keys.filter(|key| !manual.contains(&format!("`{key}"))).cloned());
    }
    assert_eq!(missing, [""; 0]);
}

#[test]
fn test_files_are_found_by_their_names() {
    let files: Vec<PathBuf> = discover(&[repository().join("rules")]).unwrap();
    assert!(files.iter().all(|file| file.to_string_lossy().contains(".test.")));
}
