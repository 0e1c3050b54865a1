//! Hints: each classic trap has its own.

use ruleproof::analysis::why::{Trap, why};
use ruleproof::pattern::Profile;

use crate::common::{PATTERN_FILES, cases, engine_pattern};

/// The names of the traps of all conditions, and of the whole.
fn traps(pattern: &str, event: &str) -> Vec<Trap> {
    let report = why(&engine_pattern(pattern), event.as_bytes(), Profile::Engine).unwrap();
    report.conditions.into_iter().flat_map(|condition| condition.traps).chain(report.traps).collect()
}

#[test]
fn each_trap_is_recognised() {
    for (pattern, event, expected) in [
        (r#"{"a":["PAID"]}"#, r#"{"a":"paid"}"#, "case-differs"),
        (r#"{"a":[{"prefix":"EU-"}]}"#, r#"{"a":"eu-1"}"#, "case-differs"),
        (r#"{"a":[{"suffix":".jpg"}]}"#, r#"{"a":"x.JPG"}"#, "case-differs"),
        (r#"{"a":[5]}"#, r#"{"a":"5"}"#, "string-for-number"),
        (r#"{"a":[{"numeric":[">",1]}]}"#, r#"{"a":"5"}"#, "string-for-number"),
        (r#"{"a":["5"]}"#, r#"{"a":5}"#, "number-for-string"),
        (r#"{"a":[true]}"#, r#"{"a":"true"}"#, "boolean-against-string"),
        (r#"{"a":["true"]}"#, r#"{"a":true}"#, "boolean-against-string"),
        (r#"{"a":[null]}"#, r#"{"a":"null"}"#, "null-against-string"),
        (r#"{"a":["null"]}"#, r#"{"a":null}"#, "null-against-string"),
        (r#"{"a":[{"exists":false}]}"#, r#"{"a":null}"#, "null-for-absence"),
        (r#"{"a":[null]}"#, r#"{"b":1}"#, "absence-for-null"),
        (
            r#"{"a":["arn:aws:events:r:1:rule:x"]}"#,
            r#"{"a":"arn:aws:events:r:1:rule/x"}"#,
            "colon-against-slash",
        ),
        (r#"{"a":[{"prefix":"arn:x:y/"}]}"#, r#"{"a":"arn:x:y:z"}"#, "colon-against-slash"),
        (r#"{"a":[{"wildcard":"arn:*:y/*"}]}"#, r#"{"a":"arn:x:y:z"}"#, "colon-against-slash"),
        (r#"{"a":["x"]}"#, r#"{"a":"x "}"#, "surrounding-space"),
        (r#"{"a":["x "]}"#, r#"{"a":"x"}"#, "surrounding-space"),
        (r#"{"a":[{"prefix":"ord-"}]}"#, r#"{"a":"x-ord-1"}"#, "text-elsewhere-in-value"),
        (r#"{"a":[{"suffix":"ord-"}]}"#, r#"{"a":"ord-1"}"#, "text-elsewhere-in-value"),
        (r#"{"a":["order"]}"#, r#"{"a":"order placed"}"#, "text-elsewhere-in-value"),
        (r#"{"a":["foo*"]}"#, r#"{"a":"foo-1"}"#, "star-in-plain-text"),
        (r#"{"a":[{"prefix":"foo*"}]}"#, r#"{"a":"foo-1"}"#, "star-in-plain-text"),
        (r#"{"a":[{"anything-but":["x"]}]}"#, r#"{"a":["x","y"]}"#, "anything-but-met-array"),
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":{"b":1}}"#, "exists-on-container"),
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":[]}"#, "exists-on-container"),
        (r#"{"a":[{"exists":false}]}"#, r#"{"a":{"b":1}}"#, "exists-on-container"),
        (r#"{"a":["x"]}"#, r#"{"a":{"b":1}}"#, "object-for-leaf"),
        (r#"{"a":["x"]}"#, r#"{"a":[]}"#, "empty-array"),
        (r#"{"a":{"b":["x"]}}"#, r#"{"a":"x"}"#, "leaf-for-object"),
        (r#"{"detail":{"b":["x"]}}"#, r#"{"detail":"{\"b\":\"x\"}"}"#, "json-in-string"),
        (r#"{"detail":{"orderId":["x"]}}"#, r#"{"detail":{"OrderID":"x"}}"#, "name-differs-in-case"),
        (r#"{"detail":{"state":["x"]}}"#, r#"{"state":"x"}"#, "field-elsewhere"),
        (r#"{"state":["x"]}"#, r#"{"detail":{"state":"x"}}"#, "field-elsewhere"),
        (r#"{"detail":{"state":["x"]}}"#, r#"{"detail":{"Data":{"state":"x"}}}"#, "field-elsewhere"),
    ] {
        let found = traps(pattern, event);
        let names: Vec<&str> = found.iter().map(Trap::as_str).collect();
        assert!(names.contains(&expected), "{pattern} {event}: {names:?}");
        // Every hint says something.
        assert!(found.iter().all(|trap| trap.to_string().len() > 20));
    }
}

#[test]
fn what_is_no_trap_gets_no_hint() {
    for (pattern, event) in [
        (r#"{"a":["PAID"]}"#, r#"{"a":"OPEN"}"#),
        (r#"{"a":[5]}"#, r#"{"a":"6"}"#),
        (r#"{"a":[{"numeric":[">",1]}]}"#, r#"{"a":0}"#),
        (r#"{"a":[{"exists":false}]}"#, r#"{"a":1}"#),
        (r#"{"a":["x"]}"#, r#"{"b":"y"}"#),
        (r#"{"a":["x"]}"#, r#"{"a":"x"}"#),
    ] {
        assert_eq!(traps(pattern, event), [], "{pattern} {event}");
    }
}

#[test]
fn suggestions_and_places_are_given() {
    let only = |pattern, event| traps(pattern, event)[0].to_string();
    assert!(only(r#"{"a":["Ab"]}"#, r#"{"a":"aB"}"#).ends_with(r#"{"equals-ignore-case":"Ab"}"#));
    assert!(only(r#"{"a":["f*"]}"#, r#"{"a":"fx"}"#).ends_with(r#"{"wildcard":"f*"}"#));
    assert!(only(r#"{"a":["order"]}"#, r#"{"a":"my order!"}"#).ends_with(r#"{"wildcard":"*order*"}"#));
    assert!(only(r#"{"d":{"a":[1]}}"#, r#"{"x":[{"a":1}]}"#).contains("/x/0/a, where it would do"));
    // The one that would do comes first.
    assert!(only(r#"{"d":{"a":[1]}}"#, r#"{"x":{"a":2},"y":{"a":1}}"#).contains("/y/a, where"));
}

#[test]
fn elements_that_hold_only_together_are_named() {
    let found = traps(r#"{"i":{"c":["x"],"n":[1]}}"#, r#"{"i":[{"c":"x","n":2},{"c":"y","n":1}]}"#);
    let [Trap::SplitAcrossElements { elements }] = &found[..] else { panic!("{found:?}") };
    let elements: Vec<&str> = elements.iter().map(|element| element.as_str()).collect();
    assert_eq!(elements, ["/i/0", "/i/1"]);
    // Also where something else is wrong too.
    let found = traps(r#"{"i":{"c":["x"],"n":[1]},"z":[1]}"#, r#"{"i":[{"c":"x"},{"n":1}]}"#);
    assert!(matches!(&found[..], [Trap::SplitAcrossElements { .. }]), "{found:?}");
}

#[test]
fn the_nearest_way_through_or_is_explained() {
    let pattern = engine_pattern(r#"{"$or":[{"a":[1],"b":[2]},{"c":[3],"d":[4]}],"e":[5]}"#);
    let report = why(&pattern, br#"{"a":0,"c":3,"d":0,"e":5}"#, Profile::Engine).unwrap();
    assert_eq!((report.matched, report.alternative, report.alternatives, report.failed()), (false, 1, 2, 1));
    let report = why(&pattern, br#"{"a":1,"b":2,"e":5}"#, Profile::Engine).unwrap();
    assert_eq!((report.matched, report.alternative, report.failed()), (true, 0, 0));
}

#[test]
fn explanations_never_contradict_the_verdict() {
    let valid = |expect: &str| expect == "match" || expect == "no_match";
    let cases = PATTERN_FILES.into_iter().flat_map(cases).filter(|case| valid(&case.expect));
    for case in cases.step_by(4) {
        let Ok(pattern) = ruleproof::pattern::Pattern::parse(
            case.pattern.as_bytes(),
            &ruleproof::pattern::Limits::of(case.profile),
        ) else {
            continue;
        };
        let report = why(&pattern, case.event.as_bytes(), case.profile).unwrap();
        assert_eq!(report.matched, case.expect == "match", "{} {}", case.pattern, case.event);
        if report.failed() > 0 {
            assert!(!report.matched, "{} {}", case.pattern, case.event);
        }
    }
}
