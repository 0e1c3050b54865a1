//! Changes that flip verdicts: how small, how often, and always proven.

use ruleproof::analysis::repair::{NoRepair, Repair, repair};
use ruleproof::analysis::synthesis::{event_for_alternative, matching_event};
use ruleproof::event::check_envelope;
use ruleproof::json::tree;
use ruleproof::pattern::{Limits, Pattern, Profile};
use serde_json::Value;

use crate::common::{PATTERN_FILES, cases, engine_pattern, generated_patterns, matches, shipped_patterns};
use crate::support::rng::Rng;

/// The patch as RFC 6902 writes it, and the event after it.
fn patched(pattern: &str, event: &str) -> (String, String) {
    let found = repair(&engine_pattern(pattern), event.as_bytes(), Profile::Engine).unwrap();
    let Repair { operations, event, .. } =
        found.unwrap_or_else(|reason| panic!("{pattern} {event}: {reason}"));
    let written = operations.iter().map(|operation| {
        let value = operation.value().map(|value| format!(" {value}")).unwrap_or_default();
        format!("{} {}{value}", operation.name(), operation.pointer())
    });
    (written.collect::<Vec<_>>().join("; "), event)
}

#[test]
fn a_miss_becomes_a_match_by_the_smallest_change() {
    for (pattern, event, patch) in [
        (r#"{"a":["PAID"]}"#, r#"{"a":"paid"}"#, r#"replace /a "PAID""#),
        (r#"{"a":[{"numeric":[">=",100]}]}"#, r#"{"a":99}"#, "replace /a 100"),
        (r#"{"a":[{"numeric":[">",100]}]}"#, r#"{"a":7}"#, "replace /a 101"),
        (r#"{"a":[5]}"#, r#"{"a":"5"}"#, "replace /a 5"),
        (r#"{"a":[{"prefix":"EU-"}]}"#, r#"{"a":"eu-17"}"#, r#"replace /a "EU-17""#),
        (r#"{"a":[{"suffix":".jpg"}]}"#, r#"{"a":"cat.JPG"}"#, r#"replace /a "cat.jpg""#),
        (r#"{"d":{"a":[1],"b":[2]}}"#, r#"{}"#, r#"add /d {"a":1,"b":2}"#),
        (r#"{"d":{"a":[1],"b":[2]}}"#, r#"{"d":{"c":3}}"#, "add /d/a 1; add /d/b 2"),
        (r#"{"d":{"a":[1]}}"#, r#"{"d":"text"}"#, r#"replace /d {"a":1}"#),
        (r#"{"d":{"a":[1]}}"#, r#"{"d":{"a":{"b":1}}}"#, "replace /d/a 1"),
        (r#"{"a":[{"exists":false}]}"#, r#"{"a":1,"b":2}"#, "remove /a"),
        (r#"{"a":[{"exists":false}]}"#, r#"{"a":[1,[2]]}"#, "remove /a"),
        (r#"{"a":[1]}"#, r#"{"a":[]}"#, "add /a/0 1"),
        (r#"{"a":[1]}"#, r#"{"a":[7,[3,100]]}"#, "replace /a/1/0 1"),
        // The element that needs least.
        (
            r#"{"i":{"c":["books"],"n":[1]}}"#,
            r#"{"i":[{"c":"books","n":2},{"c":"toys","n":1},{}]}"#,
            "replace /i/0/n 1",
        ),
        // Both conditions hold, in different elements.
        (r#"{"i":{"c":["x"],"n":[1]}}"#, r#"{"i":[{"c":"x"},{"n":1}]}"#, "add /i/0/n 1"),
        (r#"{"a":[1],"a":{"b":[2]}}"#, r#"{"a":{"b":2}}"#, r#"replace /a [1,{"b":2}]"#),
        // Of two ways through `$or` the one that needs less.
        (r#"{"$or":[{"a":[1],"b":[2]},{"c":[3]}]}"#, r#"{"a":1,"b":0}"#, "replace /b 2"),
        (r#"{"a.b":[1]}"#, r#"{"a":{"b":2}}"#, "replace /a/b 1"),
        (r#"{"a":{"b":[1]}}"#, r#"{"a.b":2}"#, "replace /a.b 1"),
        (r#"{"a/b~":[1]}"#, r#"{"a/b~":2}"#, "replace /a~1b~0 1"),
        (
            r#"{"d":{"a":[{"exists":false}],"b":[1]}}"#,
            r#"{"d":[{"a":1,"b":1},{"a":2}]}"#,
            r#"replace /d {"b":1}"#,
        ),
        // An absence that is checked after another field is asked of its element only.
        (r#"{"d":{"b":[1],"c":[{"exists":false}]}}"#, r#"{"d":[{"b":1,"c":1},{"c":2}]}"#, "remove /d/0/c"),
    ] {
        let (found, changed) = patched(pattern, event);
        assert_eq!(found, patch, "{pattern} {event}");
        assert!(matches(&engine_pattern(pattern), &changed, Profile::Engine), "{changed}");
    }
}

#[test]
fn a_match_becomes_a_miss_by_the_smallest_change() {
    for (pattern, event, patch) in [
        (r#"{"a":["PAID"]}"#, r#"{"a":"PAID"}"#, r#"replace /a "pAID""#),
        (r#"{"a":[{"numeric":[">=",100]}]}"#, r#"{"a":100}"#, "replace /a 99"),
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":1}"#, "remove /a"),
        (r#"{"a":[{"exists":false}]}"#, r#"{"b":1}"#, r#"add /a "any""#),
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":["x","y"]}"#, r#"replace /a/1 "x""#),
        (r#"{"a":[1]}"#, r#"{"a":[1,1,1,1]}"#, "remove /a"),
        (
            r#"{"d":{"a":[{"exists":false}],"b":[{"exists":false}]}}"#,
            r#"{"d":{"x":[]}}"#,
            r#"add /d/a "any""#,
        ),
        (r#"{"d":{"a":[{"exists":false}]}}"#, r#"{"d":[]}"#, r#"replace /d {"a":"any"}"#),
        (r#"{"$or":[{"a":[1]},{"b":[1]}]}"#, r#"{"a":1,"b":1}"#, "replace /a 2; replace /b 2"),
    ] {
        let (found, changed) = patched(pattern, event);
        assert_eq!(found, patch, "{pattern} {event}");
        assert!(!matches(&engine_pattern(pattern), &changed, Profile::Engine), "{changed}");
    }
}

#[test]
fn duplicates_are_read_as_most_programs_read_them() {
    let pattern = engine_pattern(r#"{"a":[1],"b":[2]}"#);
    let found = repair(&pattern, br#"{"a":1,"a":3,"b":2}"#, Profile::Engine).unwrap().unwrap();
    // The engine sees both; the last alone does not match, which is a flip in itself.
    assert_eq!((found.operations.len(), found.duplicates_dropped, found.matches), (0, true, false));
    assert_eq!(found.event, r#"{"a":3,"b":2}"#);
}

#[test]
fn a_pattern_that_cannot_match_is_said_to_be_one() {
    let pattern = engine_pattern(r#"{"a":[{"numeric":[">",1,"<",1.0000000000000002]}]}"#);
    assert_eq!(repair(&pattern, b"{}", Profile::Engine).unwrap(), Err(NoRepair::NeverMatches));
    let envelope = engine_pattern(r#"{"source":[{"exists":false}]}"#);
    let event = matching_event(&engine_pattern(r#"{"source":["s"]}"#), Profile::Service).unwrap();
    assert_eq!(repair(&envelope, event.as_bytes(), Profile::Service).unwrap(), Err(NoRepair::NeverMatches));
    let anything = engine_pattern(r#"{"a":[{"exists":true},{"exists":false}]}"#);
    assert_eq!(repair(&anything, b"{}", Profile::Engine).unwrap(), Err(NoRepair::AlwaysMatches));
    assert!(repair(&pattern, b"[1]", Profile::Engine).is_err());
    assert!(repair(&pattern, b"{", Profile::Engine).is_err());
}

/// How often a repair was found, each of them proven again.
#[derive(Debug, Default)]
struct Rate {
    flipped: usize,
    all: usize,
    failed: Vec<String>,
}

impl Rate {
    fn try_one(&mut self, pattern: &Pattern, event: &str, profile: Profile) {
        self.all += 1;
        let before = matches(pattern, event, profile);
        match repair(pattern, event.as_bytes(), profile).unwrap() {
            Ok(repair) => {
                assert_eq!(repair.matches, !before, "{pattern} {event}");
                assert_eq!(matches(pattern, &repair.event, profile), !before, "{pattern} {event} {repair:?}");
                let is_complete =
                    |event: &str| check_envelope(&tree::parse(event.as_bytes()).unwrap()).is_ok();
                if profile == Profile::Service && is_complete(event) && !repair.duplicates_dropped {
                    assert!(is_complete(&repair.event), "{pattern} {event} {repair:?}");
                }
                self.flipped += 1;
            }
            Err(reason) => self.failed.push(format!("{reason}: {pattern} {event}")),
        }
    }

    fn assert_at_least(&self, percent: usize, all: usize) {
        println!(
            "{} of {} flipped; not: {:#?}",
            self.flipped,
            self.all,
            &self.failed[..self.failed.len().min(12)]
        );
        assert!(
            self.all >= all && self.flipped * 100 >= self.all * percent,
            "{} of {}",
            self.flipped,
            self.all
        );
    }
}

/// Breaks something in a part of an event that is not the envelope's, or in all of it.
fn broken(rng: &mut Rng, event: &mut Value) {
    let mut pointers = Vec::new();
    list(event, &mut String::new(), &mut pointers);
    let pointer = &pointers[rng.below(pointers.len())];
    let Some((around, name)) = pointer.rsplit_once('/') else { return };
    let value = event.pointer(pointer).unwrap().clone();
    let parent = event.pointer_mut(around).unwrap();
    let changed = match rng.below(8) {
        0 => Value::Null,
        1 => Value::String(format!("{} ", value.as_str().unwrap_or("text"))),
        2 => Value::String(value.as_str().unwrap_or("TEXT").to_uppercase()),
        3 => serde_json::json!([[], { "other": value }]),
        4 => serde_json::json!({ "inside": value }),
        5 => Value::String(value.to_string()),
        6 => serde_json::json!([{}, "other", 17]),
        _ => {
            // Gone; or one level higher.
            if let Some(members) = parent.as_object_mut() {
                members.remove(&name.replace("~1", "/").replace("~0", "~"));
            }
            return;
        }
    };
    *event.pointer_mut(pointer).unwrap() = changed;
}

fn list(value: &Value, pointer: &mut String, found: &mut Vec<String>) {
    let len = pointer.len();
    let mut below = |name: String, value: &Value| {
        pointer.push('/');
        pointer.push_str(&name);
        if !matches!(name.as_str(), "id" | "time" | "account" | "region" | "version" | "resources") {
            found.push(pointer.clone());
        }
        list(value, pointer, found);
        pointer.truncate(len);
    };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| below(name.replace('~', "~0").replace('/', "~1"), value));
        }
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(at, value)| below(at.to_string(), value));
        }
        _ => {}
    }
}

#[test]
fn near_misses_of_all_kinds_of_patterns_are_repaired() {
    let mut rng = Rng::new(95);
    let mut rate = Rate::default();
    let shipped: Vec<Pattern> = shipped_patterns().into_iter().map(|(_, pattern)| pattern).collect();
    let generated = generated_patterns(41, 400, Profile::Service);
    let patterns = shipped.iter().cycle().take(800).chain(&generated).chain(&generated);
    for pattern in patterns {
        let alternative = &pattern.alternatives()[rng.below(pattern.alternatives().len())];
        let Some(event) = event_for_alternative(pattern, alternative, Profile::Service) else { continue };
        // Lone surrogates are nothing that the test can change.
        let Ok(mut event) = serde_json::from_str::<Value>(&event) else { continue };
        for _ in 0..rng.between(1, 2) {
            broken(&mut rng, &mut event);
        }
        let event = event.to_string();
        if !matches(pattern, &event, Profile::Service) {
            rate.try_one(pattern, &event, Profile::Service);
        }
    }
    rate.assert_at_least(95, 1_000);
}

/// Cases of the conformance data with this answer, every so many.
fn recorded(expect: &str, every: usize) -> Rate {
    let mut rate = Rate::default();
    let cases = PATTERN_FILES.into_iter().flat_map(cases).filter(|case| case.expect == expect);
    for case in cases.step_by(every) {
        let pattern = Pattern::parse(case.pattern.as_bytes(), &Limits::of(case.profile)).unwrap();
        rate.try_one(&pattern, &case.event, case.profile);
    }
    rate
}

#[test]
fn recorded_misses_are_repaired() {
    recorded("no_match", 5).assert_at_least(95, 1_000);
}

#[test]
fn recorded_matches_are_broken() {
    recorded("match", 5).assert_at_least(95, 1_000);
}
