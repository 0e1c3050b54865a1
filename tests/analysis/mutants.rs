//! Damaged patterns, and events that notice.

use std::collections::BTreeMap;

use ruleproof::analysis::mutants::{MatchedBy, Mutant, MutantKind, killing_event, mutants};
use ruleproof::analysis::synthesis::matching_event;
use ruleproof::pattern::{Limits, Pattern, Profile};

use crate::common::{conformance_patterns, generated_patterns, matches, pattern, shipped_patterns};
use crate::support::rng::Rng;
use crate::support::{generate, oracle};

/// Kind, text and patterns of all mutants.
fn listed(text: &str) -> Vec<(MutantKind, &str, String)> {
    let mutants = mutants(&pattern(text), &Limits::service());
    assert_eq!(mutants.left_out, 0);
    let listed = mutants.mutants.iter().map(|mutant| {
        let span = mutant.span.start as usize..mutant.span.end as usize;
        (mutant.kind, &text[span], mutant.pattern.to_string())
    });
    listed.collect()
}

fn of_kind(text: &str, kind: MutantKind) -> Vec<String> {
    listed(text).into_iter().filter(|(found, _, _)| *found == kind).map(|(_, _, pattern)| pattern).collect()
}

#[test]
fn each_way_of_damage_is_found() {
    use MutantKind::*;
    for (text, kind, damaged) in [
        (r#"{"a":[1],"b":[2]}"#, ConditionDropped, vec![r#"{"b":[2]}"#, r#"{"a":[1]}"#]),
        (r#"{"a":{"b":[1]},"c":[2]}"#, ConditionDropped, vec![r#"{"c":[2]}"#, r#"{"a":{"b":[1]}}"#]),
        (r#"{"a":[1,2]}"#, AlternativeDropped, vec![r#"{"a":[2]}"#, r#"{"a":[1]}"#]),
        (r#"{"$or":[{"a":[1]},{"b":[2]}]}"#, BranchDropped, vec![r#"{"b":[2]}"#, r#"{"a":[1]}"#]),
        (
            r#"{"a":[{"numeric":[">",1,"<=",5]}]}"#,
            BoundMoved,
            vec![
                r#"{"a":[{"numeric":[">",0,"<=",5]}]}"#,
                r#"{"a":[{"numeric":[">",2,"<=",5]}]}"#,
                r#"{"a":[{"numeric":[">",1,"<=",4]}]}"#,
                r#"{"a":[{"numeric":[">",1,"<=",6]}]}"#,
            ],
        ),
        (
            r#"{"a":[{"numeric":[">",1,"<=",5]}]}"#,
            BoundInclusionSwapped,
            vec![r#"{"a":[{"numeric":[">=",1,"<=",5]}]}"#, r#"{"a":[{"numeric":[">",1,"<",5]}]}"#],
        ),
        (r#"{"a":[{"numeric":["=",0.5]}]}"#, BoundMoved, vec![r#"{"a":[{"numeric":["=",0.6]}]}"#]),
        (r#"{"a":[{"prefix":"EU-"}]}"#, PrefixShortened, vec![r#"{"a":[{"prefix":"EU"}]}"#]),
        (r#"{"a":[{"suffix":"é-x"}]}"#, SuffixShortened, vec![r#"{"a":[{"suffix":"-x"}]}"#]),
        (r#"{"a":["Ab"]}"#, CaseIgnored, vec![r#"{"a":[{"equals-ignore-case":"Ab"}]}"#]),
        (r#"{"a":["1-Ab"]}"#, CaseFlipped, vec![r#"{"a":["1-ab"]}"#]),
        (r#"{"a":[{"equals-ignore-case":"Ab"}]}"#, CaseRespected, vec![r#"{"a":["Ab"]}"#]),
        (r#"{"a":[{"exists":true}]}"#, ExistsFlipped, vec![r#"{"a":[{"exists":false}]}"#]),
        (
            r#"{"a":[{"anything-but":[1,2]}]}"#,
            ExclusionDropped,
            vec![r#"{"a":[{"anything-but":2}]}"#, r#"{"a":[{"anything-but":1}]}"#],
        ),
        (r#"{"a":[{"anything-but":{"prefix":"x"}}]}"#, ExclusionDropped, vec![r#"{"a":[{"exists":true}]}"#]),
        (r#"{"a":[{"wildcard":"a*bc"}]}"#, StarDropped, vec![r#"{"a":[{"wildcard":"abc"}]}"#]),
        (r#"{"a":[{"wildcard":"a*bc"}]}"#, StarMoved, vec![r#"{"a":[{"wildcard":"ab*c"}]}"#]),
        (
            r#"{"a":[{"wildcard":"a*bc"}]}"#,
            WildcardShortened,
            vec![r#"{"a":[{"wildcard":"*bc"}]}"#, r#"{"a":[{"wildcard":"a*c"}]}"#],
        ),
        (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, RangeWidened, vec![r#"{"a":[{"cidr":"10.0.0.0/23"}]}"#]),
    ] {
        assert_eq!(of_kind(text, kind), damaged, "{kind} of {text}");
    }
}

#[test]
fn spans_point_to_what_was_changed_and_order_follows_them() {
    let text = r#"{"source": ["s"], "$or": [{"a": [1, {"exists": true}]}, {"b": [2]}]}"#;
    let places: Vec<(MutantKind, &str)> =
        listed(text).into_iter().map(|(kind, text, _)| (kind, text)).collect();
    use MutantKind::*;
    let expected = [
        (ConditionDropped, r#"["s"]"#),
        (CaseIgnored, r#""s""#),
        (CaseFlipped, r#""s""#),
        (BranchDropped, r#"[1, {"exists": true}]"#),
        (AlternativeDropped, "1"),
        (AlternativeDropped, r#"{"exists": true}"#),
        (ExistsFlipped, r#"{"exists": true}"#),
        (BranchDropped, "[2]"),
    ];
    assert_eq!(places, expected);
}

#[test]
fn mutants_that_are_no_patterns_are_left_out() {
    // Nothing to drop, no letter, no wider range, and a lower bound above the upper one.
    assert_eq!(listed(r#"{"a":[1]}"#), []);
    assert_eq!(of_kind(r#"{"a":[{"cidr":"0.0.0.0/0"}],"b":[1]}"#, MutantKind::RangeWidened), [""; 0]);
    let moved = of_kind(r#"{"a":[{"numeric":[">",1,"<",2]}]}"#, MutantKind::BoundMoved);
    assert_eq!(moved.len(), 2, "{moved:?}");
}

#[test]
fn a_mutant_that_matches_the_same_events_is_presumed_equivalent() {
    let kill =
        |original: &str, mutant: &str| killing_event(&pattern(original), &pattern(mutant), Profile::Service);
    assert_eq!(kill(r#"{"a":[{"prefix":"a"},{"prefix":"ab"}]}"#, r#"{"a":[{"prefix":"a"}]}"#), None);
    assert_eq!(kill(r#"{"a":["x"],"id":[{"exists":true}]}"#, r#"{"a":["x"]}"#), None);
    let killed = kill(r#"{"a":[{"numeric":[">",1]}]}"#, r#"{"a":[{"numeric":[">=",1]}]}"#).unwrap();
    assert_eq!(killed.matched_by, MatchedBy::Mutant);
    assert!(killed.event.contains("\"a\":1}"), "{}", killed.event);
}

/// What became of the mutants of many patterns.
#[derive(Debug, Default)]
struct Tally {
    killed: usize,
    spared_count: usize,
    /// Some of each kind.
    spared: BTreeMap<MutantKind, Vec<String>>,
    /// Spared, though some event tells them apart.
    missed: Vec<String>,
}

impl Tally {
    /// Kills what can be killed; each kill is checked.
    fn kill_all(patterns: impl IntoIterator<Item = Pattern>, profile: Profile) -> Tally {
        let mut tally = Tally::default();
        let mut rng = Rng::new(5);
        for original in patterns {
            for mutant in mutants(&original, &Limits::of(profile)).mutants {
                match killing_event(&original, &mutant.pattern, profile) {
                    Some(killing) => {
                        let by = |pattern: &Pattern| matches(pattern, &killing.event, profile);
                        let expected = match killing.matched_by {
                            MatchedBy::Original => (true, false),
                            MatchedBy::Mutant => (false, true),
                        };
                        assert_eq!((by(&original), by(&mutant.pattern)), expected, "{mutant:?} {killing:?}");
                        tally.killed += 1;
                    }
                    None => tally.spare(&original, &mutant, &mut rng, profile),
                }
            }
        }
        println!("{tally:#?}\n{} of {} killed, {} missed", tally.killed, tally.all(), tally.missed.len());
        tally
    }

    /// Looks for an event that tells them apart among many generated ones.
    fn spare(&mut self, original: &Pattern, mutant: &Mutant, rng: &mut Rng, profile: Profile) {
        let text = format!("{original}: {}", mutant.description);
        let named = [original, &mutant.pattern].map(|pattern| (String::new(), pattern.to_string()));
        let of = if profile == Profile::Service { oracle::Profile::Service } else { oracle::Profile::Engine };
        let differs = (0..10).find_map(|_| {
            let event = generate::event_for(rng, &named, of);
            let answers = named.each_ref().map(|(_, p)| oracle::answer(p.as_bytes(), event.as_bytes(), of));
            (answers[0] != answers[1]).then_some(event)
        });
        if let Some(event) = differs {
            self.missed.push(format!("{text}: {event}"));
        }
        let of_kind = self.spared.entry(mutant.kind).or_default();
        if of_kind.len() < 3 {
            of_kind.push(text);
        }
        self.spared_count += 1;
    }

    fn all(&self) -> usize {
        self.killed + self.spared_count
    }
}

#[test]
fn mutants_of_shipped_rules_are_told_apart() {
    let tally = Tally::kill_all(shipped_patterns().into_iter().map(|(_, pattern)| pattern), Profile::Service);
    assert!(tally.killed > 600, "{tally:?}");
    // Three that match the same events: "" beside `exists`, and a half of all addresses made the whole twice.
    assert_eq!((tally.spared_count, tally.missed.len()), (3, 0), "{tally:?}");
}

#[test]
fn mutants_of_generated_patterns_are_told_apart_unless_they_match_the_same() {
    for profile in [Profile::Service, Profile::Engine] {
        let satisfiable = generated_patterns(21, 100, profile)
            .into_iter()
            .filter(|pattern| matching_event(pattern, profile).is_some());
        let tally = Tally::kill_all(satisfiable, profile);
        assert!(
            tally.all() > 1_000 && tally.killed * 100 >= tally.all() * 65,
            "{profile:?}: {}",
            tally.killed
        );
        // Missed are envelope fields that hold `{}` or `[]`, which no event of AWS has.
        assert!(tally.missed.len() * 100 <= tally.all(), "{:#?}", tally.missed);
    }
}

#[test]
fn mutants_of_conformance_patterns_are_told_apart_unless_they_match_the_same() {
    // Every so many, as there are tens of thousands.
    let sample = conformance_patterns().into_iter().filter(|(_, profile, _)| *profile == Profile::Engine);
    let tally = Tally::kill_all(sample.step_by(30).map(|(pattern, _, _)| pattern), Profile::Engine);
    assert!(tally.all() > 1_500 && tally.killed * 100 >= tally.all() * 80, "{}", tally.killed);
    assert!(tally.missed.len() * 100 <= tally.all(), "{:#?}", tally.missed);
}

#[test]
fn the_same_pattern_has_the_same_mutants_again() {
    let pattern = &shipped_patterns()[0].1;
    let described = || {
        let mutants = mutants(pattern, &Limits::service()).mutants;
        mutants.into_iter().map(|mutant| (mutant.description, mutant.pattern.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(described(), described());
}
