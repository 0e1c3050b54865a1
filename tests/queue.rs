//! The work on a queue, against a simulated queue in virtual time: crashes at every step, calls that fail, messages that
//! come again, messages that nobody can judge.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "queue/draining.rs"]
mod draining;
#[path = "queue/sim.rs"]
mod sim;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sim::{Ended, Faults, World};
use tokio::time::{Instant, sleep};

/// Each message is recorded once, or set aside once, and none is left.
fn assert_all_recorded_once(world: &World, what: &str) {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for id in world.recorded.borrow().iter().chain(world.aside.borrow().iter()) {
        *places.entry(id.clone()).or_default() += 1;
    }
    let expected: BTreeMap<String, usize> = world.sent().into_iter().map(|id| (id, 1)).collect();
    assert_eq!(places, expected, "{what}");
    assert_eq!(world.left(), 0, "{what}");
}

#[tokio::test(start_paused = true)]
async fn an_undisturbed_queue_is_recorded_and_emptied() {
    let world = World::with_messages(57);
    assert_eq!(world.process().await, Ended::Fine);
    assert_all_recorded_once(&world, "undisturbed");
    let reasons = world.reasons.borrow().clone();
    assert_eq!(reasons, ["oversized", "unreadable"]);
}

#[tokio::test(start_paused = true)]
async fn whatever_the_step_of_a_crash_each_message_ends_recorded_or_back_in_the_queue() {
    let mut crashes = 0;
    for crash_at in 1.. {
        let world = World::with_messages(23);
        world.crash_at.set(Some(crash_at));
        let ended = world.process().await;
        if ended == Ended::Fine {
            break;
        }
        crashes += 1;
        assert_eq!(ended, Ended::Crashed);
        // Nothing is lost: what is not recorded is there, and what is deleted is recorded.
        for id in world.sent() {
            let kept = world.recorded.borrow().contains(&id) || world.aside.borrow().contains(&id);
            assert!(kept || world.is_there(&id), "{id} is lost after a crash at step {crash_at}");
        }
        world.crash_at.set(None);
        // Until what the first process held is seen again.
        sleep(Duration::from_secs(31)).await;
        assert_eq!(world.process().await, Ended::Fine, "after a crash at step {crash_at}");
        assert_all_recorded_once(&world, &format!("after a crash at step {crash_at}"));
    }
    assert!(crashes > 40, "{crashes}");
}

#[tokio::test(start_paused = true)]
async fn calls_that_fail_now_and_then_cost_time_and_no_message() {
    let mut given_up = 0;
    for seed in 0..50 {
        let world = World::with_messages(40);
        world.faults.set(Faults { failing: 0.2, lost_answers: 0.1, undeleted: 0.2 });
        world.seed(seed);
        // A try fails with a chance of 28 %, so all eight of a call with one of 0.28^8 = 1 : 26,000, and a call of one of
        // these 50 processes, which make some 14 each, with 1 : 37. That ends the process like a crash. (Counted over
        // 400 seeds, the tries of calls fall off by 0.28 from one to the next, up to the eighth: none is left out.)
        match world.process().await {
            Ended::Fine => {}
            ended => {
                assert_eq!(ended, Ended::Failed("ServiceUnavailable".to_owned()), "seed {seed}");
                given_up += 1;
            }
        }
        // What was recorded and not deleted is recognised by the next process.
        world.faults.set(Faults::default());
        sleep(Duration::from_secs(31)).await;
        assert_eq!(world.process().await, Ended::Fine, "seed {seed}");
        assert_all_recorded_once(&world, &format!("seed {seed}"));
    }
    assert!(given_up <= 1, "{given_up} of 50");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_stays_away_ends_the_work_and_messages_stay() {
    let world = World::with_messages(10);
    world.faults.set(Faults { failing: 1.0, ..Faults::default() });
    let began = Instant::now();
    assert_eq!(world.process().await, Ended::Failed("ServiceUnavailable".to_owned()));
    assert!(began.elapsed() < Duration::from_secs(300), "{:?}", began.elapsed());
    assert_eq!((world.left(), world.recorded.borrow().len()), (12, 0));
}

#[tokio::test(start_paused = true)]
async fn messages_that_are_worked_on_for_long_do_not_come_again() {
    let world = World::with_messages(10);
    world.work_takes.set(Duration::from_secs(200));
    assert_eq!(world.process().await, Ended::Fine);
    assert_all_recorded_once(&world, "slow work");
    assert_eq!(world.duplicates(), 0);
}

#[tokio::test(start_paused = true)]
async fn messages_that_come_again_are_counted_and_not_judged_again() {
    let world = World::with_messages(10);
    world.faults.set(Faults { undeleted: 1.0, ..Faults::default() });
    world.endless.set(true);
    let stop = async {
        sleep(Duration::from_secs(100)).await;
        world.faults.set(Faults::default());
        sleep(Duration::from_secs(100)).await;
        world.stop.store(true, Ordering::Relaxed);
    };
    let (ended, ()) = tokio::join!(world.process(), stop);
    assert_eq!(ended, Ended::Fine);
    assert_all_recorded_once(&world, "undeleted");
    assert!(world.duplicates() >= 10, "{}", world.duplicates());
}

#[tokio::test(start_paused = true)]
async fn a_message_that_was_received_too_often_is_set_aside() {
    let world = World::with_messages(1);
    world.received_before("m0", 5);
    assert_eq!(world.process().await, Ended::Fine);
    assert_all_recorded_once(&world, "received often");
    assert!(world.reasons.borrow().contains(&"receives".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_told_to_end_does_not_wait_for_messages() {
    let world = World::with_messages(5);
    world.endless.set(true);
    let stop = async {
        sleep(Duration::from_secs(7)).await;
        world.stop.store(true, Ordering::Relaxed);
        Instant::now()
    };
    let (ended, stopped) = tokio::join!(world.process(), stop);
    assert_eq!(ended, Ended::Fine);
    assert!(stopped.elapsed() < Duration::from_secs(1), "{:?}", stopped.elapsed());
    assert_all_recorded_once(&world, "stopped");
}
