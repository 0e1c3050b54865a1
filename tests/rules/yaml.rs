//! Where YAML says something else than its author meant.

use crate::support::{load_text, notes, only, pattern, problems};

fn rule(pattern: &str) -> String {
    format!("Name: r\nEventPattern:\n  {}\n", pattern.replace('\n', "\n  "))
}

#[test]
fn numbers_keep_their_spelling_and_dates_are_text() {
    let loaded = load_text(
        "r.yaml",
        &rule("a: [012345678901, 123456789012, 1.0, 1.5e+3, 2026-11-22, 10.0.0.0/8, ~]"),
        &[],
    );
    assert_eq!(
        pattern(only(&loaded)),
        r#"{"a":["012345678901",123456789012,1.0,1.5e+3,"2026-11-22","10.0.0.0/8",null]}"#
    );
    assert_eq!(notes(&loaded), Vec::<String>::new());
}

#[test]
fn what_readers_of_yaml_disagree_on_has_to_be_quoted() {
    let loaded = load_text(
        "r.yaml",
        &rule("account: [012345670123]\ntime: [12:30]\ncount: [1_000, 0x1f, '0x1f', 1e3]"),
        &[],
    );
    assert_eq!(
        problems(&loaded),
        [
            "3:13 r: `012345670123` without quotes is a number to some readers of YAML and text to others",
            "4:10 r: `12:30` without quotes is a number to some readers of YAML and text to others",
            "5:11 r: `1_000` without quotes is a number to some readers of YAML and text to others",
            "5:18 r: `0x1f` without quotes is a number to some readers of YAML and text to others",
            "5:32 r: `1e3` without quotes is a number to some readers of YAML and text to others",
        ]
    );
}

#[test]
fn words_are_booleans_as_for_cloudformation() {
    let loaded = load_text("r.yaml", &rule("a: [on, No, 'off', \"yes\", y, !!str on, true]"), &[]);
    assert_eq!(pattern(only(&loaded)), r#"{"a":[true,false,"off","yes","y","on",true]}"#);
    assert_eq!(
        notes(&loaded),
        [
            "3:7 read as the boolean true, as CloudFormation does; put it in quotes if the word is meant",
            "3:11 read as the boolean false, as CloudFormation does; put it in quotes if the word is meant",
        ]
    );
    let field = load_text("r.yaml", &rule("on: [1]\n'off': [2]"), &[]);
    assert_eq!(
        problems(&field),
        ["3:3 r: the field name `on` without quotes is a boolean to readers of YAML 1.1"]
    );
}

#[test]
fn anchors_and_merge_keys_are_expanded() {
    let yaml = "- &base\n  Name: a\n  EventBusName: &bus shop\n  EventPattern: &p\n    n: [1]\n- <<: *base\n  Name: b\n  EventPattern:\n    <<: *p\n    m: [*bus]\n";
    let loaded = load_text("r.yaml", yaml, &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    let [a, b] = &loaded.rules[..] else { panic!("two rules") };
    assert_eq!((pattern(a), a.bus.as_str()), (r#"{"n":[1]}"#, "shop"));
    assert_eq!((b.name.as_str(), pattern(b), b.bus.as_str()), ("b", r#"{"m":["shop"],"n":[1]}"#, "shop"));
}

#[test]
fn each_document_of_a_file_counts() {
    let loaded = load_text(
        "r.yaml",
        "Name: a\nEventPattern: {a: [1]}\n---\nnothing: here\n---\n---\nName: b\nEventPattern: {b: [1]}\n",
        &[],
    );
    assert_eq!(problems(&loaded), Vec::<String>::new());
    assert_eq!(loaded.rules.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn duplicate_keys_are_refused_in_yaml() {
    let loaded = load_text("r.yaml", &rule("a: [1]\nb: [2]\na: [3]"), &[]);
    assert_eq!(problems(&loaded), ["5:3 not YAML: duplicated key in mapping"]);
}

#[test]
fn text_of_every_style_is_the_pattern() {
    let want = r#"{"a":["x"]}"#;
    for text in [
        "'{\"a\":[\"x\"]}'",
        "\"{\\\"a\\\":[\\\"x\\\"]}\"",
        "|-\n    {\"a\":[\"x\"]}",
        ">-\n    {\"a\":[\"x\"]}",
    ] {
        let loaded = load_text("r.yaml", &format!("Name: r\nEventPattern: {text}\n"), &[]);
        assert_eq!(pattern(only(&loaded)), want, "{text}");
    }
}

#[test]
fn blocks_are_text_whatever_they_look_like() {
    let yaml = "a:\n  - |-\n    on\n  - >-  # folded\n\n    0123\n  - !!str\n    yes\nb: [x |\n  ]\n";
    let loaded = load_text("r.yaml", &rule(yaml), &[]);
    assert_eq!(pattern(only(&loaded)), r#"{"a":["on","\n0123","yes"],"b":["x |"]}"#);
    assert_eq!(notes(&loaded), Vec::<String>::new());
}
