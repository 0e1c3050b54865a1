//! A command may be killed at any call; the next one goes on from there.

use ruleproof::probe::{Readiness, UpError};

use super::control_plane::{ControlPlane, Crash};
use super::scenario::{NOW_S, Scenario, assert_gone};

const TARGETS: [usize; 4] = [0, 1, 3, 5];

#[tokio::test(start_paused = true)]
async fn up_makes_what_the_layout_says_and_down_leaves_nothing() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&TARGETS));
    scenario.up(&aws).await.unwrap();
    scenario.assert_complete(&aws).await;
    scenario.down(&aws).await.unwrap();
    assert_gone(&aws);
    assert_eq!(scenario.readiness(&aws).await, Readiness::NoBus);
}

#[tokio::test(start_paused = true)]
async fn up_twice_changes_nothing_the_second_time() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&TARGETS));
    scenario.up(&aws).await.unwrap();
    aws.forget_calls();
    scenario.up(&aws).await.unwrap();
    for operation in ["CreateEventBus", "PutRule", "PutTargets", "RemoveTargets", "DeleteRule", "DeleteQueue"]
    {
        assert_eq!(aws.calls(operation), 0, "{operation}");
    }
    scenario.assert_complete(&aws).await;
}

#[tokio::test(start_paused = true)]
async fn other_rules_replace_those_that_were_there() {
    let (aws, earlier) = (ControlPlane::default(), Scenario::of_targets(&[5, 5, 2]));
    earlier.up(&aws).await.unwrap();
    let later = Scenario::of_targets(&[1, 5]);
    assert_eq!(later.readiness(&aws).await, Readiness::OtherRules);
    later.up(&aws).await.unwrap();
    later.assert_complete(&aws).await;
    assert_eq!(earlier.readiness(&aws).await, Readiness::OtherRules);
}

/// Calls `up` fresh with a crash at the n-th call for every n until none happens; returns how many there were.
async fn crash_everywhere(crash: Crash, check: impl AsyncFn(&ControlPlane, &Scenario)) -> usize {
    let scenario = Scenario::of_targets(&TARGETS);
    for call in 0.. {
        let aws = ControlPlane::default();
        aws.crash_at(call, crash);
        let ended = scenario.up(&aws).await;
        aws.recover();
        match ended {
            Ok(()) => return call,
            Err(UpError::Call(error)) => assert_eq!(error.code, "killed"),
            Err(other) => panic!("{other}"),
        }
        assert!(!matches!(scenario.readiness(&aws).await, Readiness::Ready(_)) || crash == Crash::After);
        check(&aws, &scenario).await;
    }
    unreachable!("the loop ends with the first up that no crash reaches")
}

#[tokio::test(start_paused = true)]
async fn up_is_resumed_after_a_crash_at_every_call() {
    for crash in [Crash::Before, Crash::After] {
        let crashes = crash_everywhere(crash, async |aws, scenario| {
            scenario.up(aws).await.unwrap();
            scenario.assert_complete(aws).await;
        });
        assert!(crashes.await > 20);
    }
}

#[tokio::test(start_paused = true)]
async fn down_removes_what_a_crash_left_at_every_call() {
    for crash in [Crash::Before, Crash::After] {
        let crashes = crash_everywhere(crash, async |aws, scenario| {
            scenario.down(aws).await.unwrap();
            assert_gone(aws);
        });
        assert!(crashes.await > 20);
    }
}

#[tokio::test(start_paused = true)]
async fn down_is_resumed_after_a_crash_at_every_call() {
    let scenario = Scenario::of_targets(&TARGETS);
    for crash in [Crash::Before, Crash::After] {
        for call in 0.. {
            let aws = ControlPlane::default();
            scenario.up(&aws).await.unwrap();
            aws.crash_at(call, crash);
            let ended = scenario.down(&aws).await;
            aws.recover();
            scenario.down(&aws).await.unwrap();
            assert_gone(&aws);
            if ended.is_ok() {
                assert!(call > 20, "{call}");
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_of_rules_that_crashes_is_never_taken_for_complete() {
    let (earlier, later) = (Scenario::of_targets(&[2, 1]), Scenario::of_targets(&[1, 3, 1]));
    for call in 0.. {
        let aws = ControlPlane::default();
        earlier.up(&aws).await.unwrap();
        aws.crash_at(call, Crash::Before);
        let changed = later.up(&aws).await.is_ok();
        aws.recover();
        let untouched = aws.calls("TagResource") <= 1 && aws.calls("CreateQueue") == 0;
        if changed {
            later.assert_complete(&aws).await;
            return;
        }
        assert!(!matches!(later.readiness(&aws).await, Readiness::Ready(_)), "call {call}");
        let still_earlier = matches!(earlier.readiness(&aws).await, Readiness::Ready(_));
        assert!(!still_earlier || untouched, "call {call}");
        later.up(&aws).await.unwrap();
        later.assert_complete(&aws).await;
    }
}

#[tokio::test(start_paused = true)]
async fn names_of_queues_that_were_deleted_a_moment_ago_are_waited_for() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&[1]));
    let layout = &scenario.testbed.layout;
    let names: Vec<String> = layout.destinations().map(|queue| layout.queue_name(queue)).collect();
    aws.state().reserved_names = names.iter().map(|name| (name.clone(), 20)).collect();
    let begin = tokio::time::Instant::now();
    scenario.up(&aws).await.unwrap();
    scenario.assert_complete(&aws).await;
    assert!(begin.elapsed().as_secs() < 75);
    aws.state().reserved_names = names.iter().map(|name| (name.clone(), u32::MAX)).collect();
    aws.state().queues.clear();
    assert!(
        matches!(scenario.up(&aws).await, Err(UpError::Call(error)) if error.code == "QueueDeletedRecently")
    );
}

#[tokio::test(start_paused = true)]
async fn a_queue_with_other_settings_gets_the_right_ones() {
    let (aws, scenario) = (ControlPlane::default(), Scenario::of_targets(&[1]));
    scenario.up(&aws).await.unwrap();
    aws.state().queues.values_mut().for_each(|queue| queue.settings.policy = "{}".to_owned());
    scenario.up(&aws).await.unwrap();
    scenario.assert_complete(&aws).await;
    assert!(scenario.testbed.marks.run.started_s() == NOW_S);
}
