//! What a test notices of damage is what it notices of rules that were compiled with it.

use std::num::NonZeroUsize;

use super::check::check_damaged;
use super::*;
use crate::analysis::mutants::mutants;
use crate::findings::Compiled;
use crate::matcher::{RuleIndex, Scratch};
use crate::pattern::Limits;
use crate::rules::{NoLiveRules, Parameters};

const RULES: &str = r#"
- Name: large
  EventPattern: {source: [shop], detail: {total: [{numeric: [">", 100]}], country: [NL, DE]}}
  Targets:
    - Id: broken
      Arn: arn:aws:sqs:eu-west-1:123456789012:orders
      InputTransformer:
        InputPathsMap: {note: $.detail.note}
        InputTemplate: '{"note": <note>, "quoted": "<note>"}'
- Name: any
  EventPattern: {source: [{prefix: sh}], detail-type: [{anything-but: [Left]}]}
  Targets: [{Id: queue, Arn: "arn:aws:sqs:eu-west-1:123456789012:all"}]
- Name: either
  EventPattern: {$or: [{detail: {country: [FR]}}, {detail: {total: [1, 2]}}]}
  Targets: [{Id: queue, Arn: "arn:aws:sqs:eu-west-1:123456789012:some"}]
"#;

/// Each kind of expectation, met.
const TESTS: &str = r"
version: 1
rules: [rules.yaml]
fixtures:
  big: { source: shop, detail-type: Placed, detail: { total: 120, country: NL } }
  small: { source: shop, detail-type: Placed, detail: { total: 1, country: BE } }
  left: { source: other, detail-type: Left, detail: { total: 100, country: nl, note: { deep: 1 } } }
tests:
  - { name: exactly, event: big, expect: { matches: [large, any] } }
  - { name: at least, event: small, expect: { matches_at_least: [any] } }
  - { name: never, event: big, expect: { never: [either] } }
  - { name: delivered, event: small, expect: { verdict: delivered } }
  - { name: unmatched, event: left, expect: { verdict: unmatched } }
  - name: errored
    event: big
    set: { /detail/note: { deep: 1 } }
    expect: { verdict: errored, code: INVALID_JSON }
  - { name: because, event: small, expect: { because: { large: { path: /detail/country } }, never: [large] } }
  - { name: bodies, event: big, expect: { bodies: { any: { queue: { json: { source: shop } } } } } }
";

fn suite() -> Suite {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    let path = folder.path().join("all.test.yaml");
    std::fs::write(&path, TESTS).unwrap();
    let mut loaded = load(&[path], &Parameters::default(), NonZeroUsize::MIN, &NoLiveRules).unwrap();
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    loaded.suites.remove(0)
}

#[test]
fn rules_need_not_be_compiled_to_know_what_a_test_notices() {
    let suite = suite();
    let rules = &suite.rules;
    let limits = Limits::of(rules.profile);
    let (mut matching, mut checking) = (Scratch::default(), CheckScratch::default());
    let (mut noticed, mut missed) = (0, 0);
    for case in &suite.cases {
        let CaseSubject::Event(event) = &case.subject else { panic!("{case:?}") };
        for (place, rule) in rules.compiled.rules.iter().enumerate() {
            for mutant in mutants(&rule.pattern, &limits).mutants {
                let mut damaged = rules.compiled.rules.clone();
                damaged[place].pattern = mutant.pattern.clone();
                let damaged = Compiled { rules: damaged, ..Compiled::default() };
                let damaged = RulesUnderTest::new(damaged, rules.profile);
                let compiled = check(event, &damaged, &mut checking);
                let matched = damaged.set.matcher().matches(&event.event, &mut matching).unwrap().to_vec();
                let rule = RuleIndex(place as u32);
                let asked = check_damaged(event, rules, (rule, &mutant.pattern), &matched, &mut checking);
                assert_eq!(asked, compiled, "{}: {}", case.name, mutant.description);
                match asked {
                    Outcome::Passed => missed += 1,
                    Outcome::Failed(_) => noticed += 1,
                }
            }
        }
    }
    assert!(noticed > 20 && missed > 20, "{noticed} {missed}");
}
