//! Any bytes as an event: the scanner takes what the plain reader takes, indexes it as a byte-by-byte walk
//! does whatever the machine's instructions, and a few fixed rules match as the naive model says.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use ruleproof::json::structure::{InstructionSet, StructuralIndex};
use ruleproof::json::{SyntaxError, tree};
use ruleproof::matcher::{MatchError, Matcher, RuleIndex, Scratch, explain};
use ruleproof::pattern::{Limits, Pattern, Profile};
use ruleproof_fuzz::model::{self, Event, Rule};

/// Nested fields, arrays, absence, odd names, and something for every kind of value.
const PATTERNS: [&str; 18] = [
    r#"{"a":[1,"x",null,true]}"#,
    r#"{"a":{"b":[{"prefix":"x"}],"c":[{"exists":false}]}}"#,
    r#"{"a":{"b":{"c":[{"numeric":[">",0,"<=",5]}]}}}"#,
    r#"{"":[1]}"#,
    r#"{"a.":[1]}"#,
    r#"{".a":[{"exists":true}]}"#,
    r#"{"a":{"":{"b":[{"exists":true}]}}}"#,
    r#"{"d":[{"exists":false}]}"#,
    r#"{"a":[{"anything-but":["x"]}],"b":[{"anything-but":{"prefix":"x"}}]}"#,
    r#"{"a":{"b":[1],"c":[1]}}"#,
    r#"{"a":{"b":[{"exists":false}],"c":[1]}}"#,
    r#"{"a":{"b":[1],"c":[{"exists":false}]}}"#,
    r#"{"é":[{"suffix":"\ud800"}]}"#,
    r#"{"\ud800":[{"exists":true}]}"#,
    r#"{"$or":[{"a":["10.0.0.1"]},{"b":[{"cidr":"10.0.0.0/8"}]},{"c":[{"equals-ignore-case":"ß"}]}]}"#,
    r#"{"a":[{"wildcard":"*x*\\*"}]}"#,
    r#"{"a":[9007199254740993,1e400]}"#,
    r#"{"a":{"b":[{"exists":true}]},"c":[false,{"exists":false}]}"#,
];

struct Rules {
    patterns: Vec<Pattern>,
    models: Vec<Vec<Rule>>,
    matchers: [(Profile, Matcher); 2],
    scratch: RefCell<Scratch>,
    /// One for each set of instructions that this machine has.
    indices: RefCell<Vec<StructuralIndex>>,
}

thread_local! {
    static RULES: Rules = rules();
}

fuzz_target!(|event: &[u8]| {
    RULES.with(|rules| {
        let checked = tree::check(event);
        readers_agree(event, &checked);
        indices_agree(event, &checked, &mut rules.indices.borrow_mut());
        for (profile, matcher) in &rules.matchers {
            matches_agree(event, &checked, rules, (*profile, matcher));
        }
    });
});

fn rules() -> Rules {
    let parse = |text: &&str| Pattern::parse(text.as_bytes(), &Limits::engine()).expect("a valid pattern");
    let patterns: Vec<Pattern> = PATTERNS.iter().map(parse).collect();
    let models =
        PATTERNS.map(|text| model::compile(text.as_bytes(), Profile::Engine).expect("a valid pattern"));
    let matchers =
        [Profile::Engine, Profile::Service].map(|profile| (profile, Matcher::new(&patterns, profile)));
    Rules {
        patterns,
        models: models.into(),
        matchers,
        scratch: RefCell::default(),
        indices: RefCell::new(InstructionSet::available().map(StructuralIndex::with_instructions).collect()),
    }
}

type Checked = Result<std::ops::Range<usize>, SyntaxError>;

fn readers_agree(event: &[u8], checked: &Checked) {
    let parsed = tree::parse(event).map(|node| node.span);
    assert_eq!(parsed, *checked);
    if let Err(error) = checked {
        assert!(error.at <= event.len());
    }
}

fn indices_agree(event: &[u8], checked: &Checked, indices: &mut [StructuralIndex]) {
    let is_object = |span: &std::ops::Range<usize>| event[span.start] == b'{';
    let object = checked.as_ref().ok().filter(|span| is_object(span));
    let alone = object.is_some_and(|span| event[span.end..].iter().all(|byte| b" \t\r\n".contains(byte)));
    for index in indices.iter_mut() {
        assert_eq!(index.build(event).is_ok(), alone);
        if let Some(span) = object {
            let text = &event[..span.end];
            index.build(text).expect("an object that the plain reader takes");
            index_is_right(text, index);
        }
    }
}

fn index_is_right(text: &[u8], index: &StructuralIndex) {
    let (starts, escapes) = plain_index(text);
    let (ends, starts_and_end) = (index.starts(), [&starts[..], &[text.len() as u32]].concat());
    assert_eq!(ends, starts_and_end);
    assert_eq!(index.escapes(), escapes);
    let kinds: Vec<u8> = starts.iter().map(|start| text[*start as usize]).collect();
    assert_eq!(index.kinds(), kinds);
    let mut open = Vec::new();
    for (token, kind) in kinds.iter().enumerate() {
        match kind {
            b'{' | b'[' => open.push(token),
            b'}' | b']' => assert_eq!(open.pop().map(|open| index.partners()[open]), Some(token as u32)),
            _ => {}
        }
    }
}

/// Where tokens and escapes begin in a valid value, found byte by byte.
fn plain_index(text: &[u8]) -> (Vec<u32>, Vec<u32>) {
    let (mut starts, mut escapes) = (Vec::new(), Vec::new());
    let (mut in_string, mut in_scalar) = (false, false);
    let mut at = 0;
    while at < text.len() {
        let was_scalar = std::mem::take(&mut in_scalar);
        match text[at] {
            b'\\' => {
                escapes.push(at as u32);
                at += 1;
            }
            b'"' => {
                in_string = !in_string;
                starts.extend(in_string.then_some(at as u32));
            }
            _ if in_string => {}
            b'{' | b'}' | b'[' | b']' | b':' | b',' => starts.push(at as u32),
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => {
                in_scalar = true;
                starts.extend((!was_scalar).then_some(at as u32));
            }
        }
        at += 1;
    }
    (starts, escapes)
}

fn matches_agree(event: &[u8], checked: &Checked, rules: &Rules, (profile, matcher): (Profile, &Matcher)) {
    let mut scratch = rules.scratch.borrow_mut();
    let outcome = matcher.matches(event, &mut scratch);
    match (outcome, checked) {
        (Ok(matched), Ok(span)) if event[span.start] == b'{' => model_agrees(event, matched, rules, profile),
        (Err(MatchError::TooManyChoices { .. }), Ok(span)) => assert_eq!(event[span.start], b'{'),
        (Err(MatchError::NotAnObject { .. }), Ok(span)) => assert_ne!(event[span.start], b'{'),
        (Err(MatchError::Syntax(error)), Err(expected)) => assert_eq!(error, *expected),
        (outcome, _) => panic!("the scanner says {outcome:?}, the plain reader {checked:?}"),
    }
}

fn model_agrees(event: &[u8], matched: &[RuleIndex], rules: &Rules, profile: Profile) {
    assert!(matched.is_sorted_by(|a, b| a < b), "{matched:?}");
    let node = tree::parse(event).expect("the event is valid");
    let model_event = Event::new(event, &node, profile);
    let matches = |index: usize| matched.contains(&RuleIndex(index as u32));
    for (index, model) in rules.models.iter().enumerate() {
        if let Ok(expected) = model::matches(model, &model_event) {
            assert_eq!(matches(index), expected, "{profile:?} {}", PATTERNS[index]);
        }
    }
    // Explaining is slow; one pattern per event is enough.
    let index = event.len() % PATTERNS.len();
    if let Ok(explanation) = explain(&rules.patterns[index], event, profile) {
        assert_eq!(explanation.matched, matches(index), "{profile:?} {}", PATTERNS[index]);
    }
}
