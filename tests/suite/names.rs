//! Names of rules, targets and files, which can be looked up only once the rules are loaded.

use std::fs;
use std::num::NonZeroUsize;

use ruleproof::findings::SourceTexts;
use ruleproof::rules::{NoLiveRules, Parameters};
use ruleproof::suite::{load, of_problem};

const RULES: &str = "
- Name: orders
  EventPattern: { source: [shop] }
  Targets:
    - { Id: queue, Arn: 'arn:aws:sqs:eu-west-1:1:q' }
    - { Id: log, Arn: 'arn:aws:sqs:eu-west-1:1:q' }
- Name: twice
  EventBusName: one
  EventPattern: { source: [shop] }
- Name: twice
  EventBusName: two
  EventPattern: { source: [shop] }
- { Name: idle, State: DISABLED, EventPattern: { source: [shop] } }
- { Name: clock, ScheduleExpression: rate(5 minutes) }
";

const OPEN: &str = "
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: open
      EventPattern: { source: [shop] }
      Targets:
        - { Id: input, Arn: 'arn:aws:sqs:eu-west-1:1:q', Input: !Ref Text }
Parameters: { Text: { Type: String } }
";

fn problems(tests: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.test.yaml");
    fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    fs::write(folder.path().join("open.yaml"), OPEN).unwrap();
    fs::write(folder.path().join("text.txt"), "x").unwrap();
    fs::write(folder.path().join("two.json"), "1 2").unwrap();
    fs::write(&file, format!("version: 1\nrules: [rules.yaml, open.yaml]\ntests:\n{tests}")).unwrap();
    let loaded = load(&[file], &Parameters::default(), NonZeroUsize::new(2).unwrap(), &NoLiveRules).unwrap();
    assert_eq!(loaded.suites.len(), usize::from(loaded.problems.is_empty()));
    let name = folder.path().to_string_lossy().into_owned();
    let shown = |problem| {
        let finding = of_problem(problem, &mut SourceTexts::default());
        let place = finding.location.unwrap().span.unwrap().0;
        let hint = finding.hint.map(|hint| format!(" | {hint}")).unwrap_or_default();
        format!("{place} {}{hint}", finding.message.replace(&name, "."))
    };
    loaded.problems.iter().map(shown).collect()
}

#[test]
fn names_that_stand_for_nothing_are_all_listed_with_what_may_be_meant() {
    let tests = "  - name: a
    event: { source: shop }
    expect:
      matches: [order, twice, idle, clock, nonsense]
      because: { ordres: { path: /source } }
      bodies:
        orders: { queu: { text: x }, log: { file: nowhere.txt } }
        ordes: { queue: { text: x }, log: { text: x } }
        open: { input: { text: x } }
        one/twice: { t: { file: two.json } }
";
    assert_eq!(
        problems(tests),
        [
            "7:17 no rule is called `order` | did you mean `orders`?",
            "7:24 2 rules are called `twice` | say `one/twice`, `two/twice`",
            "7:31 the rule `idle` is disabled and matches no event",
            "7:37 the rule `clock` runs on a schedule and matches no event",
            "7:44 no rule is called `nonsense`",
            "8:18 no rule is called `ordres` | did you mean `orders`?",
            "10:19 the rule `orders` has no target `queu` | its targets: `queue`, `log`",
            "10:51 ./nowhere.txt: not readable: No such file or directory (os error 2)",
            "11:9 no rule is called `ordes` | did you mean `orders`?",
            "12:17 what the target `input` of `open` gets is not known before deployment | give what is missing below `parameters`",
            "13:22 the rule `one/twice` has no target `t` | it has no targets",
        ]
    );
}

#[test]
fn pointers_that_lead_astray_are_listed_with_their_rows() {
    let tests = "  - name: a
    event: { source: shop, detail: { n: 1, list: [1] } }
    set: { /detail/n/x: 1 }
    unset: [/detail/gone]
    matrix:
      - { set: { /detail/list/7: 1 }, expect: { matches: [orders] } }
      - { unset: [/source, /source], expect: { matches: [] } }
";
    assert_eq!(
        problems(tests),
        [
            "6:12 the pointer `/detail/n/x` leads through a number at `/detail/n`",
            "7:13 the pointer `/detail/gone` leads to nothing that could be taken away",
            "9:18 the pointer `/detail/list/7` needs a place in the list at `/detail/list`, which has 1: a number up to that, or `-` for the end",
            "10:28 the pointer `/source` leads to nothing that could be taken away",
        ]
    );
}

#[test]
fn rules_are_known_by_their_own_name_where_it_is_theirs_alone() {
    let tests = "  - name: a
    event: { source: shop }
    expect: { matches: [orders, one/twice, two/twice, open] }
";
    assert_eq!(problems(tests), [""; 0]);
}
