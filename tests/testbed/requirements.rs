//! What has to hold before anything is made.

use ruleproof::probe::{BusChoice, QuotaChoice, Quotas, SetupProblem, TEST_BUS_TAG, Tags};

use super::control_plane::{ControlPlane, Queue, Rule, State};
use super::scenario::{NOW_S, Scenario, bus, setup};

async fn problems(aws: &ControlPlane, scenario: &Scenario, choice: BusChoice) -> Vec<SetupProblem> {
    let inventory = setup(aws).look(scenario.testbed.bus()).await.unwrap();
    scenario.problems(&inventory, choice)
}

fn problems_of_rules(scenario: &Scenario, choice: QuotaChoice) -> Vec<SetupProblem> {
    scenario.testbed.problems_of_rules(&scenario.rules, &Quotas::of_region("af-south-1"), choice)
}

#[tokio::test(start_paused = true)]
async fn the_default_bus_and_untagged_ones_are_refused_unless_told_otherwise() {
    let aws = ControlPlane::default();
    aws.state().buses = [(bus("default"), Tags::new()), (bus("orders"), Tags::new())].into();
    let on_default = Scenario::of_targets(&[1]).on("default");
    let on_orders = Scenario::of_targets(&[1]).on("orders");
    assert_eq!(problems(&aws, &on_default, BusChoice::TestBuses).await, [SetupProblem::DefaultBus]);
    let untagged = SetupProblem::NotForTesting { bus: bus("orders") };
    assert_eq!(problems(&aws, &on_orders, BusChoice::TestBuses).await, [untagged]);
    for scenario in [&on_default, &on_orders] {
        assert_eq!(problems(&aws, scenario, BusChoice::AnyBus).await, []);
    }
    aws.state().buses.insert(bus("orders"), [(TEST_BUS_TAG.to_owned(), String::new())].into());
    assert_eq!(problems(&aws, &on_orders, BusChoice::TestBuses).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_was_given_stays_with_its_own_rules() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&[1, 2]));
    let tags: Tags = [(TEST_BUS_TAG.to_owned(), "yes".to_owned())].into();
    aws.state().buses.insert(bus("probe-bus"), tags);
    let own = Rule { pattern: "{}".to_owned(), tags: Tags::new(), targets: Default::default() };
    aws.state().rules.insert((bus("probe-bus"), "own".to_owned()), own);
    scenario.up(&aws).await.unwrap();
    scenario.down(&aws).await.unwrap();
    let state = aws.state();
    assert_eq!(state.buses.len(), 1);
    assert_eq!(state.rules.keys().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["own"]);
    assert!(state.queues.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_bus_of_ours_stays_while_others_have_rules_on_it() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&[1]));
    scenario.up(&aws).await.unwrap();
    let other = Rule { pattern: "{}".to_owned(), tags: Tags::new(), targets: Default::default() };
    aws.state().rules.insert((bus("probe-bus"), "rp-others".to_owned()), other);
    scenario.down(&aws).await.unwrap();
    let sizes = |state: &State| (state.buses.len(), state.rules.len(), state.queues.len());
    assert_eq!(sizes(&aws.state()), (1, 1, 0));
    aws.state().rules.clear();
    scenario.down(&aws).await.unwrap();
    assert!(aws.state().buses.is_empty());
}

#[tokio::test(start_paused = true)]
async fn names_that_others_have_are_not_taken_over() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&[1]));
    scenario.up(&aws).await.unwrap();
    aws.state().rules.values_mut().for_each(|rule| rule.tags = Tags::new());
    // As if a testbed of another bus had the same name.
    let others: Tags = [("ruleproof:bus", "other"), ("ruleproof:run", "20261122T164500Z-00000007")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    aws.state().queues.values_mut().for_each(|queue: &mut Queue| queue.tags = others.clone());
    let found = problems(&aws, &scenario, BusChoice::TestBuses).await;
    let rules = found.iter().filter(|problem| matches!(problem, SetupProblem::ForeignRule { .. })).count();
    let queues = found.iter().filter(|problem| matches!(problem, SetupProblem::ForeignQueue { .. })).count();
    assert_eq!((rules, queues, found.len()), (2, 4, 6), "{found:?}");
    assert!(found.iter().all(|problem| problem.hint().is_some()));
    scenario.down(&aws).await.unwrap();
    assert_eq!(aws.state().queues.len(), 4);
}

#[test]
fn more_than_a_bus_takes_is_refused_before_anything_is_made() {
    let many = Scenario::of_targets(&[1; 100]);
    let too_many = SetupProblem::TooManyRules { mirrors: 100, others: 0, most: 100 };
    assert_eq!(problems_of_rules(&many, QuotaChoice::Usual), [too_many]);
    assert_eq!(problems_of_rules(&many, QuotaChoice::Raised), []);
    assert_eq!(problems_of_rules(&Scenario::of_targets(&[1; 99]), QuotaChoice::Usual), []);
    let mut none = Scenario::of_targets(&[1]);
    none.rules.clear();
    assert_eq!(problems_of_rules(&none, QuotaChoice::Usual), [SetupProblem::NoRules]);
}

#[test]
fn wildcards_have_a_quota_that_nobody_can_raise() {
    let wildcards = |count: usize| {
        let rules = (0..count).map(|number| {
            let test = if number % 2 == 0 {
                serde_json::json!({"wildcard": "a*"})
            } else {
                serde_json::json!({"anything-but": {"wildcard": "b*"}})
            };
            serde_json::json!({"Name": format!("rule-{number}"), "EventPattern": {"source": [test]}})
        });
        Scenario::of_rules(&serde_json::Value::from_iter(rules).to_string(), NOW_S)
    };
    let too_many = SetupProblem::TooManyWildcards { mirrors: 31, others: 0, most: 30 };
    assert_eq!(problems_of_rules(&wildcards(31), QuotaChoice::Raised), [too_many]);
    assert_eq!(problems_of_rules(&wildcards(30), QuotaChoice::Usual), []);
}

#[test]
fn patterns_above_the_usual_size_need_a_raised_quota() {
    let value = "é".repeat(2_049 - r#"{"source":[""]}"#.len());
    let plain = serde_json::json!([{"Name": "long", "EventPattern": {"source": [value]}}]).to_string();
    let scenario = Scenario::of_rules(&plain, NOW_S);
    let too_long = SetupProblem::PatternTooLong { rule: "long".to_owned(), chars: 2_049, most: 2_048 };
    assert_eq!(problems_of_rules(&scenario, QuotaChoice::Usual), [too_long]);
    assert_eq!(problems_of_rules(&scenario, QuotaChoice::Raised), []);
}

#[tokio::test(start_paused = true)]
async fn other_rules_of_a_bus_count_too() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&[1]));
    let tags: Tags = [(TEST_BUS_TAG.to_owned(), "yes".to_owned())].into();
    aws.state().buses.insert(bus("probe-bus"), tags);
    for number in 0..299 {
        let own = Rule { pattern: "{}".to_owned(), tags: Tags::new(), targets: Default::default() };
        aws.state().rules.insert((bus("probe-bus"), format!("own-{number}")), own);
    }
    let too_many = SetupProblem::TooManyRules { mirrors: 1, others: 299, most: 300 };
    assert_eq!(problems(&aws, &scenario, BusChoice::TestBuses).await, [too_many]);
}
