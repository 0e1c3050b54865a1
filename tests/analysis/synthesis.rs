//! Events from patterns.

use ruleproof::analysis::synthesis::{
    common_event, event_for_alternative, matching_event, near_values, separating_event,
};
use ruleproof::event::check_envelope;
use ruleproof::json::tree;
use ruleproof::pattern::{Pattern, PatternMember, Profile};

use crate::common::{
    conformance_patterns, engine_pattern, generated_patterns, matches, pattern, shipped_patterns,
};
use crate::support::oracle;

fn made(text: &str) -> String {
    matching_event(&pattern(text), Profile::Service).unwrap_or_else(|| panic!("no event for {text}"))
}

/// The reference matcher agrees too.
fn assert_matches(pattern: &Pattern, event: &str, profile: Profile) {
    assert!(matches(pattern, event, profile), "{pattern} and {event}");
    let of = if profile == Profile::Service { oracle::Profile::Service } else { oracle::Profile::Engine };
    let answer = oracle::answer(pattern.to_string().as_bytes(), event.as_bytes(), of);
    assert_eq!(answer, oracle::Answer::Match, "{pattern} and {event}");
    if profile == Profile::Service {
        assert_eq!(check_envelope(&tree::parse(event.as_bytes()).unwrap()), Ok(()), "{event}");
    }
}

#[test]
fn an_event_has_its_envelope_and_what_the_pattern_wants() {
    let event = made(r#"{"source":["shop"],"detail":{"state":["PAID"],"total":[{"numeric":[">",100]}]}}"#);
    let envelope = r#"{"version":"0","id":"00000000-0000-4000-8000-000000000000","detail-type":"Example","#;
    let rest =
        r#""source":"shop","account":"123456789012","time":"2026-01-01T00:00:00Z","region":"us-east-1","#;
    let detail = r#""resources":[],"detail":{"state":"PAID","total":101}}"#;
    assert_eq!(event, format!("{envelope}{rest}{detail}"));
}

#[test]
fn a_field_that_holds_a_value_and_has_fields_below_is_an_array() {
    let event = made(r#"{"detail":{"a":[1],"a":{"b":[2]}}}"#);
    assert!(event.ends_with(r#""detail":{"a":[1,{"b":2}]}}"#), "{event}");
}

#[test]
fn odd_names_are_found_by_the_engine() {
    for text in [
        r#"{"a.b":[1],"a":{"c.d":[2]}}"#,
        r#"{"":[1]}"#,
        r#"{"":{"a":[1]}}"#,
        r#"{"":{"a":{"b":[1]}}}"#,
        r#"{"a.":[1]}"#,
        r#"{"a..b.":[1]}"#,
        r#"{".a":[1],"a":{"":[2]}}"#,
        r#"{"a":{"b":[{"exists":false}],"c":[1]},"a":[2]}"#,
        r#"{"source":{"x":["y"]},"time":[{"prefix":"2026-03"}]}"#,
        r#"{"time":[{"wildcard":"*T05:*Z"}],"resources":[{"suffix":":7"}]}"#,
    ] {
        let pattern = pattern(text);
        let event = matching_event(&pattern, Profile::Service);
        assert_matches(&pattern, &event.unwrap_or_else(|| panic!("no event for {text}")), Profile::Service);
    }
}

#[test]
fn what_the_service_never_sends_gets_no_event() {
    for text in [
        r#"{"source":[{"exists":false}]}"#,
        r#"{"time":["yesterday"]}"#,
        r#"{"detail":{"a":[1e309]}}"#,
        r#"{"detail":{"a":[{"numeric":[">",1,"<",1.0000000000000002]}]}}"#,
    ] {
        assert_eq!(matching_event(&pattern(text), Profile::Service), None, "{text}");
    }
    // The engine knows no envelope.
    assert!(matching_event(&pattern(r#"{"source":[{"exists":false}]}"#), Profile::Engine).is_some());
}

#[test]
fn each_alternative_gets_an_event_of_its_own() {
    let pattern =
        pattern(r#"{"$or":[{"detail":{"a":[1]}},{"detail":{"b":[{"exists":false}]}}],"source":["s"]}"#);
    let ends = pattern.alternatives().iter().map(|alternative| {
        let event = event_for_alternative(&pattern, alternative, Profile::Service).unwrap();
        assert_matches(&pattern.only(alternative), &event, Profile::Service);
        event[event.find(r#""detail":"#).unwrap()..].to_owned()
    });
    assert_eq!(ends.collect::<Vec<_>>(), [r#""detail":{"a":1}}"#, r#""detail":{}}"#]);
}

/// Accepted and refused values as one text each.
fn near(test: &str) -> (String, String) {
    let pattern = engine_pattern(&format!("{{\"a\":[{test}]}}"));
    let PatternMember::Field { tests, .. } = &pattern.root().members[0] else { panic!("{pattern}") };
    let near = near_values(tests, Profile::Engine);
    let joined = |values: &[ruleproof::json::Value]| {
        values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    (joined(&near.accepted), joined(&near.refused))
}

#[test]
fn values_near_a_test_are_those_at_its_edge() {
    for (test, accepted, refused) in [
        (r#"{"numeric":[">=",100]}"#, vec!["100 ", " 101"], vec!["99 ", " \"100\""]),
        (r#"{"numeric":[">",0.8,"<=",1]}"#, vec!["1 ", "0.9", "0.8000000000000002"], vec!["0.8 ", " 2"]),
        (r#"{"prefix":"EU-"}"#, vec!["\"EU-\" ", "\"EU-x\""], vec!["\"EU\"", "\"eu-x\"", "\"xEU-\""]),
        (r#"{"suffix":".jpg"}"#, vec!["\".jpg\" ", "\"x.jpg\""], vec!["\"jpg\"", "\".JPG\"", "\".jpgx\""]),
        (r#"{"equals-ignore-case":"aB"}"#, vec!["\"ab\"", "\"AB\"", "\"aB\""], vec!["\"aBx\"", "\"a\""]),
        (r#"{"wildcard":"a*c*"}"#, vec!["\"axcx\"", "\"ac\""], vec!["\"xcx\"", "\"Axcx\""]),
        (
            r#"{"cidr":"10.0.0.0/24"}"#,
            vec!["\"10.0.0.0\"", "\"10.0.0.255\""],
            vec!["\"9.255.255.255\"", "\"10.0.1.0\""],
        ),
        (r#"{"cidr":"2001:db8::/32"}"#, vec!["\"2001:db8::\""], vec!["\"2001:db9::\"", "\"2001:db7:ffff:"]),
        (r#"{"anything-but":["a","b"]}"#, vec!["\"other\" ", "\"A\"", "null"], vec!["\"a\" ", "\"b\""]),
        (r#"{"anything-but":{"prefix":"ab"}}"#, vec!["\"other\"", "\"a\""], vec!["\"ab\"", "\"abx\""]),
        (r#"{"anything-but":7}"#, vec!["8", "6"], vec!["7"]),
        (r#"{"exists":true}"#, vec!["\"any\"", "null"], vec![]),
        ("true", vec!["true"], vec!["\"true\"", "false"]),
        ("null", vec!["null"], vec!["\"null\""]),
        ("\"::1\"", vec!["\"::1\"", "\"0000:0000:0000:0000:0000:0000:0000:0001\""], vec!["\"::2\""]),
    ] {
        let (found_accepted, found_refused) = near(test);
        for value in accepted {
            assert!(format!("{found_accepted} ").contains(value), "{test} accepts {value}: {found_accepted}");
        }
        for value in refused {
            assert!(format!("{found_refused} ").contains(value), "{test} refuses {value}: {found_refused}");
        }
    }
}

#[test]
fn every_satisfied_pattern_of_the_conformance_data_gets_an_event() {
    let patterns = conformance_patterns();
    let (mut satisfied, mut missed, mut others, mut unsatisfied) = (0, Vec::new(), 0, Vec::new());
    for (pattern, profile, is_satisfied) in &patterns {
        match (matching_event(pattern, *profile), is_satisfied) {
            (Some(event), _) => {
                assert_matches(pattern, &event, *profile);
                *(if *is_satisfied { &mut satisfied } else { &mut others }) += 1;
            }
            (None, true) => missed.push(pattern.to_string()),
            (None, false) => unsatisfied.push(pattern.to_string()),
        }
    }
    println!("{satisfied} satisfied, {} missed: {missed:#?}", missed.len());
    println!("{others} others got an event, {} did not: {unsatisfied:#?}", unsatisfied.len());
    assert!(satisfied > 9_000, "{satisfied}");
    assert_eq!(missed, [""; 0]);
    // Numbers that no double holds, and a day that does not exist.
    assert_eq!((unsatisfied.len(), others > 8_000), (5, true), "{unsatisfied:?}");
}

#[test]
fn shipped_rules_and_generated_patterns_get_events_by_each_alternative() {
    let shipped = shipped_patterns().into_iter().map(|(_, pattern)| pattern);
    let generated = generated_patterns(11, 500, Profile::Service);
    let (mut found, mut alternatives) = (0, 0);
    for pattern in shipped.chain(generated) {
        for alternative in pattern.alternatives().iter().take(20) {
            alternatives += 1;
            if let Some(event) = event_for_alternative(&pattern, alternative, Profile::Service) {
                assert_matches(&pattern.only(alternative), &event, Profile::Service);
                found += 1;
            }
        }
    }
    println!("{found} of {alternatives} alternatives");
    // The others want of the envelope what the service does not send.
    assert!(found * 100 >= alternatives * 90, "{found} of {alternatives}");
}

#[test]
fn two_patterns_are_told_apart_where_they_differ() {
    let narrow = pattern(r#"{"detail":{"a":[{"prefix":"EU-"}],"n":[{"numeric":[">",5]}]}}"#);
    let wide = pattern(r#"{"detail":{"a":[{"prefix":"EU"}]}}"#);
    let event = separating_event(&wide, &narrow, Profile::Service).unwrap();
    assert!(matches(&wide, &event, Profile::Service) && !matches(&narrow, &event, Profile::Service));
    assert_eq!(separating_event(&narrow, &wide, Profile::Service), None);
    assert_eq!(separating_event(&wide, &wide, Profile::Service), None);
    assert_matches(&narrow, &common_event(&wide, &narrow, Profile::Service).unwrap(), Profile::Service);
    let other = pattern(r#"{"detail":{"a":["US-1"]}}"#);
    assert_eq!(common_event(&wide, &other, Profile::Service), None);
}

#[test]
fn fields_of_other_alternatives_are_kept_from_matching() {
    let original = pattern(r#"{"$or":[{"detail":{"a":[{"exists":false}]}},{"detail":{"b":[1]}}]}"#);
    let mutant = pattern(r#"{"detail":{"a":[{"exists":false}]}}"#);
    let event = separating_event(&original, &mutant, Profile::Service).unwrap();
    assert!(event.ends_with(r#""detail":{"a":"any","b":1}}"#), "{event}");
}
