//! A shop whose events change, or do not, in the time of the events.

use ruleproof::matcher::{Matcher, Scratch};
use ruleproof::pattern::{Limits, Pattern, Profile};
use ruleproof::sampling::drift::{Cause, DriftChange, DriftMonitor, DriftSettings, WatchedRule, WindowTally};
use ruleproof::sampling::{Decision, Ratio, Sampler, SamplingPlan};

use super::rng::Rng;

const WINDOW_MS: u64 = 60_000;

fn rules() -> Vec<WatchedRule> {
    let rule = |name: &str, pattern: &str| WatchedRule {
        name: name.to_owned(),
        pattern: Pattern::parse(pattern.as_bytes(), &Limits::service()).unwrap(),
    };
    vec![
        rule("all-orders", r#"{"source":["shop"],"detail-type":["Order Placed"]}"#),
        // About 3 % of all events.
        rule(
            "large-orders",
            r#"{"source":["shop"],"detail":{"payment":{"amount":[{"numeric":[">",950]}]}}}"#,
        ),
        rule("german", r#"{"detail":{"country":["DE"]}}"#),
        rule("never", r#"{"detail":{"country":["XX"]}}"#),
        rule("rare", r#"{"detail-type":["Refund"]}"#),
    ]
}

/// What changes, and when.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    None,
    /// `amount` is called `total` from then on.
    Renamed(u64),
    /// `DE` is written `de`.
    Respelled(u64),
    /// Orders become rare.
    FewerOrders(u64),
}

/// Runs `windows` windows of about `per_window` events through a sampler and a monitor; gives what changed, and in which
/// window.
fn watched(seed: u64, windows: u64, per_window: u64, rate: f64, change: Change) -> Vec<DriftChange> {
    let rules = rules();
    let matcher = Matcher::new(rules.iter().map(|rule| &rule.pattern), Profile::Service);
    let mut sampler = Sampler::new(&SamplingPlan::of_rate(Ratio::new(rate).unwrap()), Profile::Service);
    let mut monitor = DriftMonitor::new(rules, Profile::Service, DriftSettings::default(), None);
    let (mut random, mut scratch, mut changes) = (Rng::new(seed), Scratch::default(), Vec::new());
    let mut part = (0, WindowTally::default());
    for number in 0..windows * per_window {
        let at_ms = number * WINDOW_MS / per_window;
        let orders = if matches!(change, Change::FewerOrders(from) if at_ms >= from) { 6 } else { 60 };
        let kind = random.weighted(&[(orders, "Order Placed"), (39, "Item Shipped"), (1, "Refund")]);
        let amount =
            if matches!(change, Change::Renamed(from) if at_ms >= from) { "total" } else { "amount" };
        let german = if matches!(change, Change::Respelled(from) if at_ms >= from) { "de" } else { "DE" };
        let country = random.weighted(&[(70, german), (30, "FR")]);
        let payment = match kind {
            "Order Placed" => {
                format!("\"payment\":{{\"{amount}\":{},\"currency\":\"EUR\"}},", random.below(1000))
            }
            _ => String::new(),
        };
        let event = format!(
            "{{\"id\":\"{:x}\",\"source\":\"shop\",\"detail-type\":\"{kind}\",\
             \"detail\":{{{payment}\"country\":\"{country}\",\"lines\":[{{\"sku\":{}}}]}}}}",
            random.next_u64(),
            random.below(50)
        );
        let now = std::time::Duration::from_millis(at_ms);
        let Decision::Kept { weight } = sampler.decide(event.as_bytes(), now) else { continue };
        let matched = matcher.matches(event.as_bytes(), &mut scratch).unwrap();
        // As batches do, in parts of windows.
        let window = (at_ms / WINDOW_MS) as i64;
        if window != part.0 || part.1.events() >= 100 {
            changes.extend(monitor.add(part.0, std::mem::take(&mut part.1)));
            part.0 = window;
        }
        part.1.note(event.as_bytes(), weight, matched);
    }
    changes.extend(monitor.add(part.0, part.1));
    changes.extend(monitor.finish());
    changes
}

#[test]
fn a_renamed_field_is_an_alarm_within_two_windows_that_names_it() {
    for seed in 0..5 {
        // In the middle of the tenth window.
        let changes = watched(seed, 14, 6_000, 0.25, Change::Renamed(9 * WINDOW_MS + WINDOW_MS / 2));
        let [DriftChange::Dropped { rule, change, cause: Cause::Condition(cause) }] = changes.as_slice()
        else {
            panic!("{changes:?}");
        };
        assert_eq!(rule, "large-orders");
        assert!((9..=10).contains(&change.window), "{change:?}");
        assert!((0.02..0.04).contains(&change.before) && change.now < change.before / 2.0, "{change:?}");
        assert_eq!(
            (cause.condition.as_str(), cause.field.as_str()),
            ("/detail/payment/amount", "detail.payment.amount")
        );
        assert_eq!(cause.vanished.as_deref(), Some("/detail/payment/amount"));
        assert_eq!(cause.new_name.as_deref(), Some("/detail/payment/total"));
    }
}

#[test]
fn a_value_that_is_written_otherwise_is_told_from_a_field_that_vanished() {
    let changes = watched(7, 12, 4_000, 0.25, Change::Respelled(8 * WINDOW_MS));
    let [DriftChange::Dropped { rule, change, cause: Cause::Condition(cause) }] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!((rule.as_str(), change.window, cause.field.as_str()), ("german", 8, "detail.country"));
    assert_eq!((&cause.vanished, &cause.new_name), (&None, &None));
    assert!(cause.fails_now > 0.99 && cause.failed_before < 0.5, "{cause:?}");
}

#[test]
fn fewer_events_are_told_from_a_condition_that_fails() {
    let changes = watched(8, 12, 6_000, 0.5, Change::FewerOrders(8 * WINDOW_MS));
    let causes: Vec<(&str, &Cause)> = changes
        .iter()
        .filter_map(|change| match change {
            DriftChange::Dropped { rule, cause, .. } => Some((rule.as_str(), cause)),
            _ => None,
        })
        .collect();
    let fewer = Cause::FewerEvents(vec!["\"shop\" \"Order Placed\"".to_owned()]);
    assert_eq!(causes, [("all-orders", &fewer), ("large-orders", &fewer)]);
}

#[test]
fn a_hundred_quiet_streams_raise_at_most_one_alarm() {
    let mut alarms = Vec::new();
    for seed in 0..100 {
        let per_window = [250, 500, 1_000][(seed % 3) as usize];
        let changes = watched(1_000 + seed, 20, per_window, 1.0, Change::None);
        alarms.extend(changes.into_iter().map(|change| (seed, change)));
    }
    assert!(alarms.len() <= 1, "{alarms:#?}");
}

#[test]
fn windows_with_few_events_are_joined() {
    // Twenty events of each window are kept, so that it takes ten of them to say anything.
    let changes = watched(3, 300, 80, 0.25, Change::Respelled(200 * WINDOW_MS));
    let [DriftChange::Dropped { rule, change, .. }] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(rule, "german");
    assert!((200..=225).contains(&change.window), "{change:?}");
}
