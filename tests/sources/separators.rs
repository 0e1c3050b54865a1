//! Documents come out as they went in, whatever stands between them.

use proptest::prelude::*;
use ruleproof::sources::SourceLimits;
use serde_json::{Map, Value};

use super::common::{contents, items, items_in_steps, without_place};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[\\PC\"{}\\[\\],:\\\\\n]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..4).prop_map(object),
        ]
    })
}

fn object(members: Vec<(String, Value)>) -> Value {
    Value::Object(members.into_iter().collect::<Map<_, _>>())
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just("id".to_owned()), Just("detail".to_owned()), "[a-z{}\"\\\\]{0,6}"]
}

/// A document with any white space between its tokens.
fn spaced() -> impl Strategy<Value = String> {
    let spaces =
        prop::collection::vec(prop::sample::select(vec!["", "", "\n", " ", "\r\n", "\n\t", "\n\n"]), 1..20);
    (prop::collection::vec((name(), value()), 0..6), spaces).prop_map(|(members, spaces)| {
        let compact = serde_json::to_string(&object(members)).expect("values can be written");
        let mut spaces = spaces.iter().cycle();
        let (mut in_string, mut escaped) = (false, false);
        let mut text = String::new();
        for (at, character) in compact.char_indices() {
            text.push(character);
            let structural = !in_string && "{}[],:".contains(character) && at + 1 < compact.len();
            in_string ^= character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            text.push_str(if structural { spaces.next().unwrap_or(&"") } else { "" });
        }
        text
    })
}

/// A document as some writer spells it.
fn document() -> impl Strategy<Value = String> {
    (prop::collection::vec((name(), value()), 0..6), any::<bool>()).prop_map(|(members, pretty)| {
        let value = object(members);
        if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }
            .expect("values can be written")
    })
}

fn separator() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "\n", "\r\n", " ", "\n\n \t", ",", ",\n", "\n\u{1e}", "\u{feff}"])
}

fn stream() -> impl Strategy<Value = (Vec<String>, String)> {
    prop::collection::vec((prop_oneof![document(), spaced()], separator()), 0..8).prop_map(|parts| {
        let text = parts.iter().map(|(document, separator)| format!("{document}{separator}")).collect();
        (parts.into_iter().map(|(document, _)| document).collect(), text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn joined_documents_come_out_unchanged((documents, text) in stream(), block in 1_usize..40) {
        let expected: Vec<String> = documents.iter().map(|document| format!("event {document}")).collect();
        prop_assert_eq!(contents(text.as_bytes()), expected.clone());
        let limits = SourceLimits { batch_bytes_target: block, block_bytes: block, ..SourceLimits::default() };
        let stepped: Vec<String> =
            items_in_steps(text.as_bytes(), block, limits).iter().map(|item| without_place(item)).collect();
        prop_assert_eq!(stepped, expected);
    }

    #[test]
    fn elements_of_arrays_come_out_unchanged(documents in prop::collection::vec(document(), 1..6)) {
        let text = format!("[{}]", documents.join(",\n"));
        let expected: Vec<String> = documents.iter().map(|document| format!("event {document}")).collect();
        prop_assert_eq!(contents(text.as_bytes()), expected);
    }

    #[test]
    fn lines_around_any_broken_line_are_read(line in "[ -~]{0,40}", cut in 0_usize..60, document in document()) {
        let compact: String = document.lines().map(str::trim_start).collect();
        let cut = compact.floor_char_boundary(cut.min(compact.len()));
        for broken in [&line[..], &compact[..cut]] {
            let text = format!("{{\"id\":\"first\"}}\n{broken}\n{{\"id\":\"last\"}}\n");
            let items = contents(text.as_bytes());
            prop_assert!(items.first().is_some_and(|item| item == "event {\"id\":\"first\"}"), "{:?}", items);
            prop_assert!(items.contains(&"event {\"id\":\"last\"}".to_owned()), "{:?}", items);
        }
    }

    #[test]
    fn any_text_is_read_alike_in_blocks_of_any_size(parts in prop::collection::vec(part(), 0..60), block in 1_usize..20) {
        let text = parts.concat();
        let limits = SourceLimits { batch_bytes_target: block, block_bytes: block, ..SourceLimits::default() };
        prop_assert_eq!(items_in_steps(text.as_bytes(), block, limits), items(text.as_bytes()));
    }
}

/// A piece of a text that is broken in some way nearly for sure. Without members of the envelope, since the fast
/// way through lines may hand on whole what the scan divides, see `lines`.
fn part() -> impl Strategy<Value = String> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\\",
        " ",
        "\n",
        "\n",
        "1",
        "a",
        "{\"no\":",
        "{\"no\":\"1\"}",
        "\n{\"no\":\"2\"",
        "}\n{\"no\":",
        "{\"a\":",
        "\"x\"",
        "{\"Records\":[",
        "\"message\":\"",
        "{\"a\":1}",
        "},{",
        "\u{feff}",
        "\r\n",
    ];
    prop_oneof![
        20 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}
