//! The policy in virtual time.

use std::cell::{Cell, RefCell};
use std::num::NonZeroU32;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::*;

const OPERATION: &str = "PutThing";

fn failure(kind: CallErrorKind) -> CallError {
    CallError {
        service: "Things",
        operation: OPERATION,
        code: "Broken".to_owned(),
        message: "it is broken".to_owned(),
        kind,
        effect: Effect::Unknown,
    }
}

fn settings() -> CallSettings {
    CallSettings {
        retry: RetrySettings { tries_max: 4, ..RetrySettings::default() },
        breaker: BreakerSettings {
            failures_to_open: 3,
            probe_after: Duration::from_secs(5),
            open_max: Duration::from_secs(60),
        },
        ..CallSettings::of_service("Things")
    }
}

/// A breaker that stays out of the way.
fn patient() -> CallSettings {
    let breaker = BreakerSettings { failures_to_open: u32::MAX, ..BreakerSettings::default() };
    CallSettings { breaker, ..settings() }
}

fn limited(calls_per_second: u32) -> CallSettings {
    let rate = NonZeroU32::new(calls_per_second).unwrap();
    CallSettings { groups: vec![CallGroup::limited(&[OPERATION], rate)], ..patient() }
}

/// The time at which each of `count` calls started, in seconds since now.
async fn starts(policy: &CallPolicy, count: u32) -> Vec<f64> {
    let begin = Instant::now();
    let times = RefCell::new(Vec::new());
    for _ in 0..count {
        let call = policy.call(OPERATION, || async {
            times.borrow_mut().push(begin.elapsed().as_secs_f64());
            Ok(())
        });
        call.await.unwrap();
    }
    times.into_inner()
}

#[tokio::test(start_paused = true)]
async fn what_fails_for_a_moment_is_tried_again() {
    let policy = CallPolicy::new(&settings(), 1);
    let tries = Cell::new(0);
    let answer = policy.call(OPERATION, || async {
        tries.set(tries.get() + 1);
        if tries.get() < 3 { Err(failure(CallErrorKind::Unavailable)) } else { Ok(tries.get()) }
    });
    assert_eq!(answer.await, Ok(3));
    assert_eq!(policy.counts(), CallCounts { calls: 3, retries: 2, throttles: 0, opened: 0 });
}

#[tokio::test(start_paused = true)]
async fn what_will_not_get_better_is_tried_once() {
    use CallErrorKind::{ClockSkew, Denied, Exists, Invalid, Missing, NoCredentials, QuotaExceeded};
    for kind in [Denied, NoCredentials, ClockSkew, Missing, Exists, QuotaExceeded, Invalid] {
        let policy = CallPolicy::new(&settings(), 1);
        let answer = policy.call(OPERATION, || async { Err::<(), _>(failure(kind)) }).await;
        assert_eq!(answer, Err(failure(kind)));
        assert_eq!(policy.counts().calls, 1, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn tries_end_with_the_last_error() {
    let policy = CallPolicy::new(&patient(), 1);
    let answer = policy.call(OPERATION, || async { Err::<(), _>(failure(CallErrorKind::Conflict)) }).await;
    assert_eq!(answer, Err(failure(CallErrorKind::Conflict)));
    assert_eq!(policy.counts(), CallCounts { calls: 4, retries: 3, throttles: 0, opened: 0 });
}

#[tokio::test(start_paused = true)]
async fn a_call_without_an_answer_times_out_and_may_have_taken_effect() {
    let policy = CallPolicy::new(&patient(), 1);
    let begin = Instant::now();
    let answer = policy.call(OPERATION, || async {
        sleep(Duration::from_secs(3600)).await;
        Ok(())
    });
    let error = answer.await.unwrap_err();
    assert_eq!((error.kind, error.effect), (CallErrorKind::Unavailable, Effect::Unknown));
    assert_eq!(error.to_string(), "Things PutThing: Timeout: no answer within 10.0 s");
    assert!(begin.elapsed() >= CallGroup::TIMEOUT * 4);
    assert!(begin.elapsed() < CallGroup::TIMEOUT * 5);
}

#[tokio::test(start_paused = true)]
async fn retries_wait_and_the_seed_decides_how_long() {
    async fn elapsed(seed: u64) -> Duration {
        let policy = CallPolicy::new(&patient(), seed);
        let begin = Instant::now();
        let _ = policy.call(OPERATION, || async { Err::<(), _>(failure(CallErrorKind::Conflict)) }).await;
        begin.elapsed()
    }
    assert_eq!(elapsed(1).await, elapsed(1).await);
    assert_ne!(elapsed(1).await, elapsed(2).await);
    assert!(elapsed(1).await <= Duration::from_millis(200 + 400 + 800 + 3));
}

#[tokio::test(start_paused = true)]
async fn calls_are_spread_at_their_rate() {
    let policy = CallPolicy::new(&limited(100), 1);
    let times = starts(&policy, 205).await;
    // Five at once, then one every 10 ms. Tokio's timers are exact to a millisecond.
    assert_eq!(times[4], 0.0);
    assert!((times[204] - 2.0).abs() < 0.01, "the last began at {} s", times[204]);
    for second in times.windows(106) {
        assert!(second[105] - second[0] > 0.99, "more than a burst and 100 calls within a second");
    }
}

#[tokio::test(start_paused = true)]
async fn the_rate_holds_for_calls_made_at_once() {
    let policy = CallPolicy::new(&limited(50), 1);
    let begin = Instant::now();
    let all = (0..102).map(|_| policy.call(OPERATION, || async { Ok(()) }));
    for answer in futures_util::future::join_all(all).await {
        answer.unwrap();
    }
    let seconds = begin.elapsed().as_secs_f64();
    assert!((seconds - 2.0).abs() < 0.01, "{seconds} s");
}

#[tokio::test(start_paused = true)]
async fn operations_of_other_groups_do_not_wait() {
    let policy = CallPolicy::new(&limited(1), 1);
    starts(&policy, 1).await;
    let begin = Instant::now();
    policy.call("GetThing", || async { Ok(()) }).await.unwrap();
    assert_eq!(begin.elapsed(), Duration::ZERO);
    starts(&policy, 1).await;
    assert!(begin.elapsed() > Duration::from_millis(990));
}

#[tokio::test(start_paused = true)]
async fn throttled_calls_slow_the_next_ones_down_and_the_rate_comes_back() {
    let policy = CallPolicy::new(&limited(100), 1);
    let tries = Cell::new(0);
    let answer = policy.call(OPERATION, || async {
        tries.set(tries.get() + 1);
        if tries.get() == 1 { Err(failure(CallErrorKind::Throttled)) } else { Ok(()) }
    });
    answer.await.unwrap();
    policy.throttled(OPERATION);
    assert_eq!(policy.counts().throttles, 2);
    sleep(Duration::from_secs(1)).await;
    policy.throttled(OPERATION);
    let slow = starts(&policy, 100).await;
    assert!(slow[99] > 1.8, "100 calls took {} s", slow[99]);
    sleep(Duration::from_secs(30)).await;
    let quick = starts(&policy, 100).await;
    assert!(quick[99] < 1.0, "100 calls took {} s", quick[99]);
}

#[tokio::test(start_paused = true)]
async fn repeated_failures_open_the_breaker_and_an_answer_to_a_probe_closes_it() {
    let settings = CallSettings { retry: RetrySettings { tries_max: 100, ..settings().retry }, ..settings() };
    let policy = CallPolicy::new(&settings, 1);
    let begin = Instant::now();
    let back_at = Duration::from_secs(17);
    let tries = RefCell::new(Vec::new());
    let call = || {
        policy.call(OPERATION, || async {
            tries.borrow_mut().push(begin.elapsed());
            if begin.elapsed() < back_at { Err(failure(CallErrorKind::Unavailable)) } else { Ok(()) }
        })
    };
    let (first, second, third) = tokio::join!(call(), call(), call());
    assert_eq!((first, second, third), (Ok(()), Ok(()), Ok(())));
    // Three at once open it. Probes after 5, 10, 15 s fail; the one after 20 s closes it for the two others.
    let tries = tries.into_inner();
    assert_eq!(tries.len(), 9, "{tries:?}");
    assert_eq!(policy.counts().opened, 1);
    let probes: Vec<u64> = tries[3..].iter().map(Duration::as_secs).collect();
    assert_eq!(probes, [5, 10, 15, 20, 20, 20]);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_stays_open_ends_all_calls() {
    let settings = CallSettings { retry: RetrySettings { tries_max: 100, ..settings().retry }, ..settings() };
    let policy = CallPolicy::new(&settings, 1);
    let call = || policy.call(OPERATION, || async { Err::<(), _>(failure(CallErrorKind::Unavailable)) });
    let begin = Instant::now();
    let (first, second) = tokio::join!(call(), call());
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert_eq!((error.kind, error.effect), (CallErrorKind::StayedOpen, Effect::None));
        assert!(error.message.ends_with("Things PutThing: Broken: it is broken"), "{error}");
    }
    assert!(begin.elapsed() >= Duration::from_secs(60) && begin.elapsed() < Duration::from_secs(70));
    let calls = policy.counts().calls;
    assert_eq!(call().await.unwrap_err().kind, CallErrorKind::StayedOpen);
    assert_eq!(policy.counts().calls, calls);
}

#[tokio::test(start_paused = true)]
async fn answers_that_refuse_do_not_open_the_breaker() {
    let policy = CallPolicy::new(&settings(), 1);
    for _ in 0..20 {
        let _ = policy.call(OPERATION, || async { Err::<(), _>(failure(CallErrorKind::Throttled)) }).await;
        let _ = policy.call(OPERATION, || async { Err::<(), _>(failure(CallErrorKind::Denied)) }).await;
    }
    assert_eq!(policy.counts().opened, 0);
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_cancelled_leaves_the_next_call_to_probe() {
    let policy = CallPolicy::new(
        &CallSettings { retry: RetrySettings { tries_max: 1, ..settings().retry }, ..settings() },
        1,
    );
    for _ in 0..3 {
        let _ = policy.call(OPERATION, || async { Err::<(), _>(failure(CallErrorKind::Unavailable)) }).await;
    }
    assert_eq!(policy.counts().opened, 1);
    let never = policy.call(OPERATION, std::future::pending::<Result<(), CallError>>);
    assert!(tokio::time::timeout(Duration::from_secs(6), never).await.is_err());
    let begin = Instant::now();
    assert_eq!(policy.call(OPERATION, || async { Ok(5) }).await, Ok(5));
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[test]
fn policies_can_be_shared_among_tasks() {
    fn shared<T: Send + Sync>(_: &T) {}
    fn sent<T: Send>(_: T) {}
    let policy = CallPolicy::new(&limited(1), 1);
    shared(&policy);
    sent(policy.call(OPERATION, || async { Ok(()) }));
}
