//! From an offset in a pattern back to the line in the file.

use crate::support::{load_text, only};

/// Marks each place that an offset of the pattern leads to: `TEXT@line:column` for each of `words`.
fn places(name: &str, file: &str, words: &[&str]) -> Vec<String> {
    let loaded = load_text(name, file, &[]);
    let pattern = only(&loaded).trigger.pattern().expect("a pattern").clone();
    let offset =
        |word: &str| pattern.json().find(word).unwrap_or_else(|| panic!("{word} in {}", pattern.json()));
    words.iter().map(|word| format!("{word}@{}", pattern.place_of(offset(word)).place)).collect()
}

#[test]
fn an_object_in_yaml() {
    let file = "Name: r\nEventPattern:\n  source: [\"a\"]\n  detail:\n    größe:\n      - numeric: ['>', 5]\n      - !Sub x${!y}\n";
    assert_eq!(
        places("r.yaml", file, &["{", "\"source", "[\"a", "\"a\"", "größe", "\"numeric", "5", "\"x"]),
        [
            "{@3:3",
            "\"source@3:3",
            "[\"a@3:11",
            "\"a\"@3:12",
            "größe@5:5",
            "\"numeric@6:9",
            "5@6:24",
            "\"x@7:9"
        ]
    );
}

#[test]
fn an_object_in_json() {
    let file = "{\n  \"Name\": \"r\",\n  \"EventPattern\": {\n    \"source\": [ \"a\",\t5 ]\n  }\n}\n";
    assert_eq!(
        places("r.json", file, &["{", "\"source", "[\"a", "\"a\"", "5"]),
        ["{@3:19", "\"source@4:5", "[\"a@4:15", "\"a\"@4:17", "5@4:22"]
    );
}

#[test]
fn text_in_a_json_string() {
    let file = r#"{"Name":"r","EventPattern":"{\"é\":\n[\"\u0062\",\t5]}"}"#;
    let column = |word: &str| file[..file.find(word).expect("there")].chars().count() + 1;
    assert_eq!(
        places("r.json", file, &["{", "é", "b", "5"]),
        [
            format!("{{@1:{}", column("{\\")),
            format!("é@1:{}", column("é")),
            format!("b@1:{}", column("\\u0062")),
            format!("5@1:{}", column("5]"))
        ]
    );
}

#[test]
fn text_in_a_yaml_block() {
    let file =
        "Name: r\nEventPattern: |  # comment\n\n    {\n      \"a\": [\"x\"],\n\n      \"b\": [5]\n    }\n";
    assert_eq!(
        places("r.yaml", file, &["{", "\"a", "x", "5", "}"]),
        ["{@4:5", "\"a@5:7", "x@5:14", "5@7:13", "}@8:5"]
    );
}

#[test]
fn text_in_yaml_quotes() {
    let single = "Name: r\nEventPattern:   '{\"a\":[5]}'   # c\n";
    assert_eq!(places("r.yaml", single, &["{", "5"]), ["{@2:18", "5@2:24"]);
    // Escapes are not followed in YAML: the whole text is at its start.
    let double = "Name: r\nEventPattern: \"{\\\"a\\\":[5]}\"\n";
    assert_eq!(places("r.yaml", double, &["{", "5"]), ["{@2:15", "5@2:15"]);
}

#[test]
fn inputs_of_targets_have_places_too() {
    use ruleproof::rules::{Resolved, TargetInput};
    let file = "Name: r\nEventPattern: {a: [1]}\nTargets:\n  - Id: t\n    Arn: q\n    InputTransformer:\n      InputPathsMap: { x: $.detail }\n      InputTemplate: |\n        {\"a\":\n          <x>}\n";
    let loaded = load_text("r.yaml", file, &[]);
    let [TargetInput::Transformer(transformer)] = &only(&loaded).targets[0].inputs[..] else { panic!("one") };
    let entry = &transformer.paths.as_ref().expect("paths")[0];
    assert_eq!(entry.place.place.to_string(), "7:24");
    let Some(Resolved::Known(template)) = &transformer.template else { panic!("a template") };
    assert_eq!(template.place_of(template.as_str().find("<x>").expect("there")).place.to_string(), "10:11");
}
