//! What is called certain about pairs of patterns, held against events of all kinds.

use ruleproof::analysis::mutants::mutants;
use ruleproof::analysis::relations::{
    EventShape, ImpossibleReason, Proof, Relations, similar_field, why_never,
};
use ruleproof::analysis::synthesis::{matching_event, near_values, separating_event};
use ruleproof::matcher::{Matcher, Scratch};
use ruleproof::pattern::{Condition, Limits, Pattern, Profile};

use crate::common::{engine_pattern, generated_patterns, matches, pattern, shipped_patterns};
use crate::support::generate;
use crate::support::oracle;
use crate::support::rng::Rng;

fn contains_in(shape: EventShape, wide: &str, narrow: &str) -> bool {
    Relations::new(shape, Profile::Service).contains(&pattern(wide), &pattern(narrow)) == Proof::Certain
}

/// `narrow` in `{"a": ...}`, whatever events look like.
fn field_contains(wide: &str, narrow: &str) -> bool {
    contains_in(EventShape::Any, &format!("{{\"a\":{wide}}}"), &format!("{{\"a\":{narrow}}}"))
}

#[test]
fn what_one_list_accepts_another_accepts_too() {
    for (wide, narrow) in [
        ("[1,2]", "[1]"),
        ("[1]", "[1.0]"),
        (r#"[{"prefix":"a"}]"#, r#"["abc","ax"]"#),
        (r#"[{"prefix":"a"}]"#, r#"[{"prefix":"ab"}]"#),
        (r#"[{"prefix":"a"}]"#, r#"[{"wildcard":"a*b"}]"#),
        (r#"[{"wildcard":"*b*"}]"#, r#"[{"wildcard":"a*b"}]"#),
        (r#"[{"wildcard":"*b*"}]"#, r#"[{"wildcard":"*a*b*c"}]"#),
        (r#"[{"suffix":"b"}]"#, r#"[{"wildcard":"a*b"}]"#),
        (r#"[{"prefix":{"equals-ignore-case":"AB"}}]"#, r#"[{"prefix":"aB"},{"equals-ignore-case":"abc"}]"#),
        (r#"[{"exists":true}]"#, r#"[null,{"anything-but":"x"},{"cidr":"10.0.0.0/8"}]"#),
        (r#"[{"anything-but":"x"}]"#, r#"[{"anything-but":["x","y"]}]"#),
        (r#"[{"anything-but":"x"}]"#, r#"[{"anything-but":{"prefix":"x"}}]"#),
        (r#"[{"anything-but":{"prefix":"x"}}]"#, r#"["a",1,null]"#),
        (r#"[{"anything-but":"x"},"x"]"#, r#"[{"exists":true}]"#),
        (r#"[{"anything-but":[1,2]}]"#, r#"[{"numeric":[">",2]},"1"]"#),
        (r#"[{"numeric":[">",1]}]"#, r#"[2,{"numeric":[">=",3,"<",4]}]"#),
        (r#"[{"numeric":[">",0,"<=",5]},{"numeric":[">",5,"<",9]}]"#, r#"[{"numeric":[">",1,"<",8]}]"#),
        (r#"[{"numeric":[">=",1.0000000000000002]}]"#, r#"[{"numeric":[">",1]}]"#),
        (r#"[{"cidr":"10.0.0.0/8"}]"#, r#"[{"cidr":"10.1.0.0/16"},"10.2.3.4"]"#),
        (r#"[{"exists":true},{"exists":false}]"#, r#"[{"exists":false}]"#),
        (r#"[{"exists":false},"a"]"#, r#"[{"exists":false}]"#),
    ] {
        assert!(field_contains(wide, narrow), "{wide} accepts what {narrow} does");
        assert!(field_contains(narrow, narrow) && field_contains(wide, wide));
    }
}

#[test]
fn what_is_not_so_is_not_called_certain() {
    for (wide, narrow) in [
        ("[1]", "[1,2]"),
        (r#"["1"]"#, "[1]"),
        (r#"[{"prefix":"ab"}]"#, r#"[{"prefix":"a"}]"#),
        (r#"[{"wildcard":"a*b"}]"#, r#"[{"prefix":"a"}]"#),
        // The closing quote leaks: the prefix accepts `a` itself.
        (r#"[{"exactly":"a\""}]"#, r#"[{"prefix":"a\""}]"#),
        // An address in another spelling.
        (r#"[{"prefix":"10.0"}]"#, r#"["10.0.0.1"]"#),
        (r#"[{"exactly":"10.0.0.1"}]"#, r#"["10.0.0.1"]"#),
        // A number that no double holds.
        (r#"[{"numeric":["<",0]},{"numeric":[">=",0]}]"#, r#"[{"anything-but":"x"}]"#),
        (r#"[{"cidr":"10.1.0.0/16"}]"#, r#"[{"cidr":"10.0.0.0/8"}]"#),
        // A character outside the BMP does not match itself there.
        (r#"[{"equals-ignore-case":"😀"}]"#, r#"["😀"]"#),
        (r#"[{"exists":true}]"#, r#"[{"exists":false}]"#),
        // A lone surrogate is a question mark to operators, but not to bare strings.
        (r#"["?"]"#, r#"[{"wildcard":"?"}]"#),
    ] {
        assert!(!field_contains(wide, narrow), "{wide} does not accept all that {narrow} does");
    }
}

#[test]
fn patterns_are_compared_field_by_field_and_branch_by_branch() {
    let any = |wide, narrow| contains_in(EventShape::Any, wide, narrow);
    assert!(any(r#"{"a":[1]}"#, r#"{"a":[1],"b":[2]}"#));
    assert!(!any(r#"{"a":[1],"b":[2]}"#, r#"{"a":[1]}"#));
    assert!(any(r#"{"$or":[{"a":[1]},{"a":[2]}]}"#, r#"{"a":[1,2]}"#));
    assert!(any(r#"{"a":[1,2,3]}"#, r#"{"$or":[{"a":[1],"c":[1]},{"a":[2]}]}"#));
    assert!(any(
        r#"{"$or":[{"a":[1],"b":[1]},{"a":[2],"b":[2]}]}"#,
        r#"{"$or":[{"a":[2],"b":[2]},{"a":[1],"b":[1]}]}"#
    ));
    assert!(!any(r#"{"$or":[{"a":[1],"b":[1]},{"a":[2],"b":[2]}]}"#, r#"{"a":[1,2],"b":[1,2]}"#));
    assert!(any(r#"{"a.b":[1]}"#, r#"{"a":{"b":[1],"c":[2]}}"#));
    // A rule that can never match is contained in everything.
    assert!(any(r#"{"a":[1]}"#, r#"{"b":[1e309]}"#));
}

#[test]
fn absence_below_arrays_is_seen_through_the_fields_before_it() {
    let (wide, narrow) = (r#"{"a":{"c":[{"exists":false}]}}"#, r#"{"a":{"b":[1],"c":[{"exists":false}]}}"#);
    // The narrow pattern chooses the element with `b`, the wide one sees all.
    let event = r#"{"a":[{"b":1},{"c":1}]}"#;
    assert!(matches(&engine_pattern(narrow), event, Profile::Engine));
    assert!(!matches(&engine_pattern(wide), event, Profile::Engine));
    assert!(!contains_in(EventShape::Any, wide, narrow));
    // A field that is checked later chooses too late to matter.
    assert!(contains_in(EventShape::Any, wide, r#"{"a":{"c":[{"exists":false}],"d":[1]}}"#));
    assert!(contains_in(
        EventShape::Any,
        r#"{"a":{"c":[{"exists":false}]}}"#,
        r#"{"a":{"c":[{"exists":false}]},"Z":[1]}"#
    ));
}

#[test]
fn the_envelope_decides_what_every_event_has() {
    let envelope = |wide, narrow| contains_in(EventShape::Envelope, wide, narrow);
    assert!(envelope(r#"{"source":[{"prefix":""}]}"#, r#"{"detail":{"a":[1]}}"#));
    assert!(!contains_in(EventShape::Any, r#"{"source":[{"prefix":""}]}"#, r#"{"detail":{"a":[1]}}"#));
    assert!(envelope(r#"{"account":[{"wildcard":"*"}],"detail":[{"exists":false}]}"#, r#"{"source":["a"]}"#));
    assert!(!envelope(r#"{"resources":[{"prefix":""}]}"#, r#"{"source":["a"]}"#));
    let everything = |text: &str| {
        Relations::new(EventShape::Envelope, Profile::Service).matches_everything(&pattern(text))
    };
    for text in [
        r#"{"source":[{"prefix":""}]}"#,
        r#"{"version":["0"]}"#,
        r#"{"account":[{"anything-but":"x"}],"region":[{"exists":true}]}"#,
        r#"{"detail":[{"exists":false}]}"#,
        r#"{"$or":[{"source":["a"]},{"detail-type":[{"exists":true}]}]}"#,
    ] {
        assert_eq!(everything(text), Proof::Certain, "{text}");
    }
    for text in
        [r#"{"source":["a"]}"#, r#"{"detail":{"a":[{"exists":false}]}}"#, r#"{"account":["123456789012"]}"#]
    {
        assert_eq!(everything(text), Proof::Unproven, "{text}");
    }
}

#[test]
fn patterns_that_never_match_are_told_why() {
    let reason = |text: &str| {
        let impossible = why_never(&pattern(text), EventShape::Envelope, Profile::Service);
        impossible.unwrap_or_else(|| panic!("{text} may match")).remove(0).reason
    };
    use ImpossibleReason as Reason;
    assert_eq!(reason(r#"{"detail":{"a":[1e309]}}"#), Reason::NoValue);
    assert_eq!(reason(r#"{"detail":{"a":[{"numeric":[">",1,"<",1.0000000000000002]}]}}"#), Reason::NoValue);
    assert_eq!(reason(r#"{"id":[{"exists":false}]}"#), Reason::AlwaysThere);
    assert_eq!(reason(r#"{"source":[{"numeric":[">",1]},null]}"#), Reason::TextOnly);
    assert_eq!(reason(r#"{"account":[123456789012]}"#), Reason::TextOnly);
    assert_eq!(reason(r#"{"account":["12345678901"]}"#), Reason::Format { looks: "twelve digits" });
    assert!(matches!(reason(r#"{"region":["EU-WEST-1"]}"#), Reason::Format { .. }));
    assert!(matches!(reason(r#"{"time":[{"prefix":"2026-13-x"}]}"#), Reason::Format { .. }));
    assert_eq!(reason(r#"{"detail":[{"exists":true}]}"#), Reason::Object);
    assert_eq!(reason(r#"{"source":{"x":["y"]}}"#), Reason::BelowText { above: "source".to_owned() });
    assert_eq!(reason(r#"{"detail_type":["x"]}"#), Reason::UnknownField { nearest: Some("detail-type") });
    assert_eq!(reason(r#"{"user":["x"]}"#), Reason::UnknownField { nearest: None });
    for text in [
        r#"{"account":["012345678901"],"region":["eu-west-1"],"version":["0"]}"#,
        r#"{"time":[{"prefix":"2026-03"}],"resources":[{"suffix":"x"}]}"#,
        r#"{"user":[{"exists":false}],"replay-name":[{"exists":false}]}"#,
        r#"{"$or":[{"id":[{"exists":false}]},{"source":["a"]}]}"#,
        r#"{"detail":{"a":[1],"a":{"b":[2]}}}"#,
        r#"{"detail":{"a":[{"exists":false}],"a":{"b":[{"exists":true}]}}}"#,
    ] {
        assert_eq!(why_never(&pattern(text), EventShape::Envelope, Profile::Service), None, "{text}");
    }
    assert_eq!(why_never(&pattern(r#"{"user":["x"]}"#), EventShape::Any, Profile::Service), None);
    assert_eq!(similar_field("detailType"), Some("detail-type"));
    assert_eq!(similar_field("Source"), Some("source"));
}

/// How often an answer was given, and how often it could have been.
#[derive(Debug, Default)]
struct Completeness {
    proven: usize,
    perhaps: usize,
}

impl Completeness {
    fn note(&mut self, proof: Proof) {
        match proof {
            Proof::Certain => self.proven += 1,
            Proof::Unproven => self.perhaps += 1,
        }
    }

    /// Of the pairs that nothing was found to tell apart, the share that was proven.
    fn share(&self) -> f64 {
        self.proven as f64 / (self.proven + self.perhaps).max(1) as f64
    }
}

/// The conditions of generated patterns, each as a pattern of its own at the same field.
fn conditions(seed: u64, profile: Profile) -> Vec<Pattern> {
    let own = |condition: &Condition| {
        let tests: Vec<String> = condition.tests.tests.iter().map(|placed| placed.test.to_string()).collect();
        Pattern::parse(format!("{{\"a\":[{}]}}", tests.join(",")).as_bytes(), &Limits::of(profile)).ok()
    };
    let patterns = generated_patterns(seed, 400, profile);
    let conditions = patterns.iter().flat_map(|p| p.alternatives()).flat_map(|a| &a.conditions);
    conditions.filter_map(own).collect()
}

#[test]
fn certain_inclusions_of_lists_hold_for_all_values_near_their_edges() {
    for profile in [Profile::Engine, Profile::Service] {
        let conditions = conditions(7, profile);
        let mut rng = Rng::new(11);
        let mut relations = Relations::new(EventShape::Any, profile);
        let mut completeness = Completeness::default();
        for _ in 0..5_000 {
            let (wide, narrow) =
                (&conditions[rng.index_of(&conditions)], &conditions[rng.index_of(&conditions)]);
            let tests = |pattern: &Pattern| pattern.alternatives()[0].conditions[0].tests.clone();
            let (wide_tests, narrow_tests) = (tests(wide), tests(narrow));
            let near = [near_values(&wide_tests, profile), near_values(&narrow_tests, profile)];
            let values = near.iter().flat_map(|near| near.accepted.iter().chain(&near.refused));
            let counterexample = values
                .into_iter()
                .find(|value| narrow_tests.accept(value, profile) && !wide_tests.accept(value, profile));
            let absence_differs = narrow_tests.accepts_absence() && !wide_tests.accepts_absence();
            let proof = relations.contains(wide, narrow);
            match counterexample {
                Some(value) => assert_eq!(proof, Proof::Unproven, "{wide} {narrow} {value}"),
                None if absence_differs => assert_eq!(proof, Proof::Unproven, "{wide} {narrow}"),
                None if separating_event(narrow, wide, profile).is_some() => {
                    assert_eq!(proof, Proof::Unproven, "{wide} {narrow}");
                }
                None => completeness.note(proof),
            }
        }
        println!("inclusions of lists, {profile:?}: {completeness:?}");
        assert!(completeness.proven > 600 && completeness.share() > 0.9, "{completeness:?}");
    }
}

/// Pairs that are near each other: a pattern and a damaged one, and the other way round.
fn related(seed: u64, count: usize, profile: Profile) -> Vec<(Pattern, Pattern)> {
    let mut pairs = Vec::new();
    for pattern in generated_patterns(seed, count, profile) {
        for mutant in mutants(&pattern, &Limits::of(profile)).mutants.into_iter().take(12) {
            pairs.push((pattern.clone(), mutant.pattern.clone()));
            pairs.push((mutant.pattern, pattern.clone()));
        }
    }
    pairs
}

#[test]
fn certain_containment_holds_for_events_with_arrays_and_odd_names() {
    for (profile, of) in
        [(Profile::Engine, oracle::Profile::Engine), (Profile::Service, oracle::Profile::Service)]
    {
        let mut rng = Rng::new(23);
        let mut scratch = Scratch::default();
        let mut relations = Relations::new(EventShape::Any, profile);
        let mut completeness = Completeness::default();
        let mut checked = 0;
        for (wide, narrow) in related(29, 60, profile) {
            let proof = relations.contains(&wide, &narrow);
            if proof == Proof::Unproven {
                if separating_event(&narrow, &wide, profile).is_none() {
                    completeness.note(proof);
                }
                continue;
            }
            completeness.note(proof);
            let found = separating_event(&narrow, &wide, profile);
            assert_eq!(found, None, "{wide} does not contain {narrow}");
            let rules = [("n".to_owned(), narrow.to_string()), ("w".to_owned(), wide.to_string())];
            let matcher = Matcher::new([&narrow, &wide], profile);
            for _ in 0..40 {
                let event = generate::event_for(&mut rng, &rules, of);
                let Ok(matched) = matcher.matches(event.as_bytes(), &mut scratch) else { continue };
                checked += usize::from(matched.len() == 2);
                assert!(!(matched.len() == 1 && matched[0].0 == 0), "{narrow} but not {wide}: {event}");
            }
        }
        println!("containment, {profile:?}: {completeness:?}, {checked} events that both match");
        assert!(completeness.proven > 400 && checked > 8_000, "{completeness:?} {checked}");
        assert!(completeness.share() > 0.8, "{completeness:?}");
    }
}

#[test]
fn what_never_matches_gets_no_event() {
    for profile in [Profile::Engine, Profile::Service] {
        let mut never = 0;
        let mut silent = 0;
        for pattern in generated_patterns(31, 6_000, profile) {
            match why_never(&pattern, EventShape::Any, profile) {
                Some(_) => {
                    never += 1;
                    assert_eq!(matching_event(&pattern, profile), None, "{pattern}");
                }
                None => {
                    silent += usize::from(
                        why_never(&pattern, EventShape::Envelope, profile).is_none()
                            && matching_event(&pattern, profile).is_none(),
                    )
                }
            }
        }
        println!("never, {profile:?}: {never} proven, {silent} more without an event");
        assert!(silent <= 5 && (profile == Profile::Engine || never > 20), "{never} {silent}");
    }
}

#[test]
fn certain_relations_of_the_shipped_rules_hold_for_the_sample() {
    let packed =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/events/sample.ndjson.zst")).unwrap();
    let events = String::from_utf8(zstd::stream::decode_all(&packed[..]).unwrap()).unwrap();
    let mut patterns: Vec<Pattern> = Vec::new();
    for (_, pattern) in shipped_patterns() {
        let damaged = mutants(&pattern, &Limits::service()).mutants;
        patterns.extend(damaged.into_iter().step_by(5).map(|mutant| mutant.pattern));
        patterns.push(pattern);
    }
    let matcher = Matcher::new(&patterns, Profile::Service);
    let mut scratch = Scratch::default();
    let mut matched_by = vec![Vec::new(); patterns.len()];
    for (event, line) in (0_u32..).zip(events.lines()) {
        for rule in matcher.matches(line.as_bytes(), &mut scratch).unwrap() {
            matched_by[rule.0 as usize].push(event);
        }
    }
    let mut relations = Relations::new(EventShape::Envelope, Profile::Service);
    let mut certain = 0;
    for (wide, wide_events) in patterns.iter().zip(&matched_by) {
        if why_never(wide, EventShape::Envelope, Profile::Service).is_some() {
            assert!(wide_events.is_empty(), "{wide}");
        }
        for (narrow, narrow_events) in patterns.iter().zip(&matched_by) {
            if relations.contains(wide, narrow) == Proof::Certain {
                certain += 1;
                let missed = narrow_events.iter().find(|event| wide_events.binary_search(event).is_err());
                assert_eq!(missed, None, "{wide} contains {narrow}");
            }
        }
    }
    println!("{certain} certain of {} pairs", patterns.len() * patterns.len());
    assert!(certain > patterns.len() + 100, "{certain}");
}
