//! Test files that mean harm end with a message.

use crate::support::problems;

/// Reads on a thread with as much stack as the program gives.
fn read(text: String) -> Vec<String> {
    let reader =
        std::thread::Builder::new().stack_size(64 << 20).spawn(move || problems("x.test.yaml", &text));
    reader.unwrap().join().unwrap()
}

const HEAD: &str = "version: 1\nrules: [r]\ntests:\n";

#[test]
fn deep_nesting_is_an_error_or_data() {
    let flow = format!("{HEAD}  - {{ name: a, event: {}{} }}\n", "{a: ".repeat(100_000), "}".repeat(100_000));
    assert!(read(flow)[0].contains("not YAML"));
    let block: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(read(block)[0].contains("indented by more than"));
    let json = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(json)[0].contains("not YAML") || read("[".repeat(99)).len() == 1);
}

#[test]
fn aliases_cannot_explode() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        text += &format!("a{level}: &a{level} [{below}]\n");
    }
    assert!(read(text)[0].contains("not YAML"), "the reader stops at a number of nodes");
}

#[test]
fn a_long_pointer_makes_no_deep_event() {
    let pointer = "/a".repeat(100_000);
    let text =
        format!("{HEAD}  - {{ name: a, event: {{}}, set: {{ {pointer}: 1 }}, expect: {{ matches: [] }} }}\n");
    assert!(read(text)[0].contains("has more than 1000 levels"));
}

#[test]
fn many_problems_take_time_in_proportion() {
    let test = "  - { name: a, event: placed, set: { x: 1 }, expects: {}, expect: { matches: [a, a] } }\n";
    let found = read(format!("{HEAD}{}", test.repeat(5_000)));
    assert_eq!(found.len(), 5_000 * 4);
}

#[test]
fn control_characters_and_other_scripts_are_read_as_they_are() {
    let text = format!(
        "{HEAD}  - {{ name: \"é\\u0000🦀\", event: {{ \"\\u0007\": \"\\ud83e\" }}, expect: {{ matches: [] }} }}\n"
    );
    let found = read(text);
    assert!(found.is_empty() || found[0].contains("not YAML"), "{found:?}");
}
