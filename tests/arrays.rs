//! Rules with many fields below one array, over arrays whose elements have some of them each.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use ruleproof::matcher::{Matcher, Scratch};
use ruleproof::pattern::{Limits, Pattern, Profile};

const FIELDS: usize = 20;
const ELEMENTS: usize = 5_000;

fn matches(pattern: &str, event: &str) -> bool {
    let pattern = Pattern::parse(pattern.as_bytes(), &Limits::engine()).unwrap();
    let matcher = Matcher::new([&pattern], Profile::Engine);
    !matcher.matches(event.as_bytes(), &mut Scratch::default()).unwrap().is_empty()
}

fn pattern(test: impl Fn(usize) -> &'static str) -> String {
    let fields: Vec<String> = (0..FIELDS).map(|field| format!("\"f{field:02}\":[{}]", test(field))).collect();
    format!("{{\"d\":{{{}}}}}", fields.join(","))
}

/// An element with the fields whose bit is set.
fn element(fields: usize) -> String {
    let fields =
        (0..FIELDS).filter(|field| fields >> field & 1 == 1).map(|field| format!("\"f{field:02}\":1"));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

/// Elements that each have other fields than the rest, none of them all.
fn partial_elements() -> Vec<String> {
    let scattered = |n: usize| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20 & ((1 << FIELDS) - 1);
    (1..=ELEMENTS).map(|n| element(scattered(n) & !(1 << (n % FIELDS)))).collect()
}

fn event(elements: &[String]) -> String {
    format!("{{\"d\":[{}]}}", elements.join(","))
}

#[test]
fn one_full_element_is_found_wherever_it_stands() {
    let pattern = pattern(|_| "1");
    let partial = partial_elements();
    assert!(!matches(&pattern, &event(&partial)));
    for place in [0, ELEMENTS / 2, ELEMENTS] {
        let mut elements = partial.clone();
        elements.insert(place, element(usize::MAX));
        assert!(matches(&pattern, &event(&elements)), "full element at {place}");
    }
}

#[test]
fn fields_that_must_be_absent_beside_fields_that_must_be_there() {
    let pattern = pattern(|field| if field % 2 == 0 { "1" } else { "{\"exists\":false}" });
    let wanted = (0..FIELDS).step_by(2).fold(0, |fields, field| fields | 1 << field);
    let partial: Vec<String> = partial_elements();
    assert!(!matches(&pattern, &event(&partial)));
    let mut elements = partial;
    elements.insert(0, element(wanted));
    // Checked in the order of the fields: f00 is chosen first and silences the other elements.
    assert!(matches(&pattern, &event(&elements)));
}
