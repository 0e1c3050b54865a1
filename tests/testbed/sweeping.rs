//! Testbeds that nobody took down.

use ruleproof::probe::{InUseMark, Readiness, TEST_BUS_TAG, Tags, TestbedUse};
use ruleproof::tracking::RunId;

use super::control_plane::{ControlPlane, Crash};
use super::scenario::{NOW_S, Scenario, assert_gone, bus, setup};

const HOUR_S: u64 = 3_600;

async fn sweep(aws: &ControlPlane, now_s: u64, age_s: u64) -> Vec<String> {
    let setup = setup(aws);
    let left_over = setup.left_over(now_s, age_s).await.unwrap();
    for found in &left_over {
        setup.down(&found.inventory).await.unwrap();
    }
    left_over.iter().map(|found| found.inventory.name.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn only_what_is_old_enough_is_swept() {
    let aws = ControlPlane::default();
    aws.state().buses.insert(bus("default"), Tags::new());
    Scenario::of_targets(&[1]).on("first").up(&aws).await.unwrap();
    Scenario::of_targets(&[1]).on("second").up(&aws).await.unwrap();
    assert_eq!(sweep(&aws, NOW_S + HOUR_S, HOUR_S).await, [""; 0]);
    assert_eq!(sweep(&aws, NOW_S + HOUR_S + 1, HOUR_S).await, ["first", "second"]);
    aws.state().buses.remove(&bus("default")).unwrap();
    assert_gone(&aws);
}

#[tokio::test(start_paused = true)]
async fn a_testbed_is_as_old_as_its_last_change() {
    let aws = ControlPlane::default();
    let rules = r#"[{"Name": "a", "EventPattern": {"source": ["a"]}}]"#;
    Scenario::of_rules(rules, NOW_S).up(&aws).await.unwrap();
    Scenario::of_rules(rules, NOW_S + HOUR_S).up(&aws).await.unwrap();
    assert_eq!(sweep(&aws, NOW_S + HOUR_S + 60, HOUR_S).await, [""; 0]);
    assert_eq!(sweep(&aws, NOW_S + HOUR_S + 61, 60).await, ["probe-bus"]);
    assert_gone(&aws);
}

#[tokio::test(start_paused = true)]
async fn half_made_testbeds_are_swept_whatever_is_missing() {
    let scenario = Scenario::of_targets(&[1, 2]);
    for given in [false, true] {
        for call in 0.. {
            let aws = ControlPlane::default();
            if given {
                let tags: Tags = [(TEST_BUS_TAG.to_owned(), "yes".to_owned())].into();
                aws.state().buses.insert(bus("probe-bus"), tags);
            }
            aws.crash_at(call, Crash::After);
            let complete = scenario.up(&aws).await.is_ok();
            aws.recover();
            sweep(&aws, NOW_S + 2 * HOUR_S, HOUR_S).await;
            assert_eq!(aws.state().buses.remove(&bus("probe-bus")).is_some(), given);
            assert_gone(&aws);
            if complete {
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn queues_are_found_without_their_bus() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&[1]));
    scenario.up(&aws).await.unwrap();
    aws.state().buses.clear();
    aws.state().rules.clear();
    assert_eq!(sweep(&aws, NOW_S + 2 * HOUR_S, HOUR_S).await, ["probe-bus"]);
    assert_gone(&aws);
    // Lists show deleted queues for a while.
    assert!(!aws.state().ghosts.is_empty());
    assert_eq!(sweep(&aws, NOW_S + 2 * HOUR_S, HOUR_S).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_testbed_that_a_run_uses_is_told_from_the_others() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&[1]));
    scenario.up(&aws).await.unwrap();
    const UNTIL_S: u64 = NOW_S + 2 * HOUR_S;
    let setup = setup(&aws);
    let arn = setup.bus_arn(scenario.testbed.bus()).await.unwrap().unwrap();
    let catch_all = scenario.testbed.layout.catch_all_name();
    let begun_s = || UNTIL_S - InUseMark::<ControlPlane>::HOLDS_S;
    let by = RunId::new(NOW_S, 7);
    setup.in_use_mark(&arn, catch_all, by, begun_s).set().await.unwrap();
    let used = setup.testbed_use(&arn, catch_all).await.unwrap();
    assert_eq!(used, Some(TestbedUse { by, until_s: UNTIL_S }));
    assert!(matches!(scenario.readiness(&aws).await, Readiness::Ready(_)));
    for (now_s, in_use) in [(UNTIL_S - 1, true), (UNTIL_S, false)] {
        let found = setup.left_over(now_s, HOUR_S).await.unwrap();
        assert_eq!(found.iter().map(|found| found.is_in_use(now_s)).collect::<Vec<_>>(), [in_use]);
    }
    setup.in_use_mark(&arn, catch_all, by, || NOW_S).let_go().await;
    assert!(!setup.left_over(UNTIL_S, HOUR_S).await.unwrap()[0].is_in_use(NOW_S));
    sweep(&aws, UNTIL_S, HOUR_S).await;
    assert_gone(&aws);
}
