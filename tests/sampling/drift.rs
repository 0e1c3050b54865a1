//! A shop whose events change, or do not, in the time of the events.

use ruleproof::matcher::{Matcher, RuleIndex, Scratch};
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

#[test]
fn thin_windows_are_joined_until_a_drop_to_nothing_would_be_beyond_chance() {
    // Of 300 events about nine are large orders: that there are none is nothing that one window tells with certainty.
    for seed in 0..3 {
        let changes = watched(40 + seed, 150, 300, 1.0, Change::Renamed(100 * WINDOW_MS));
        let [DriftChange::Dropped { rule, change, cause: Cause::Condition(cause) }] = changes.as_slice()
        else {
            panic!("{changes:?}");
        };
        assert_eq!(rule, "large-orders");
        // Joined to at most 1,600 events; one such span may have begun before.
        assert!((101..=112).contains(&change.window), "{change:?}");
        assert_eq!(cause.new_name.as_deref(), Some("/detail/payment/total"));
    }
}

/// Windows of 250 events without contents, of which a rule matches these parts from then on; the changes, and the monitor
/// at the end.
fn bare(
    seed: u64,
    windows: i64,
    settings: DriftSettings,
    rate: impl Fn(i64) -> [usize; 5],
) -> (Vec<DriftChange>, DriftMonitor) {
    let mut monitor = DriftMonitor::new(rules(), Profile::Service, settings, None);
    let (mut random, mut changes) = (Rng::new(seed), Vec::new());
    for window in 0..windows {
        let mut seen = WindowTally::default();
        for _ in 0..250 {
            let of_10_000 = (0..).map(RuleIndex).zip(rate(window));
            let matched: Vec<RuleIndex> =
                of_10_000.filter(|(_, rate)| random.below(10_000) < *rate).map(|(rule, _)| rule).collect();
            seen.note(b"{}", 1.0, &matched);
        }
        changes.extend(monitor.add(window, seen));
    }
    changes.extend(monitor.finish());
    (changes, monitor)
}

#[test]
fn a_hundred_quiet_streams_of_thin_windows_raise_at_most_one_alarm() {
    let mut alarms = Vec::new();
    for seed in 0..100 {
        let (changes, _) = bare(9_000 + seed, 60, DriftSettings::default(), |_| [3_000, 300, 100, 20, 3]);
        alarms.extend(changes.into_iter().map(|change| (seed, change)));
    }
    assert!(alarms.len() <= 1, "{alarms:#?}");
}

#[test]
fn a_rule_that_recovers_says_so_once() {
    let rates = |window| [3_000, if (20..60).contains(&window) { 0 } else { 300 }, 3_000, 3_000, 3_000];
    let (changes, monitor) = bare(5, 120, DriftSettings::default(), rates);
    let [DriftChange::Dropped { rule, .. }, DriftChange::Recovered { rule: again, change }] =
        changes.as_slice()
    else {
        panic!("{changes:?}");
    };
    assert_eq!((rule.as_str(), again.as_str()), ("large-orders", "large-orders"));
    assert!((60..=76).contains(&change.window), "{change:?}");
    assert!(monitor.too_rare().is_empty() && monitor.told().count() == 5, "{:?}", monitor.too_rare());
}

#[test]
fn a_rule_that_no_joined_windows_suffice_for_is_too_rare_to_tell() {
    let rates = |window| [3_000, if window < 100 { 30 } else { 0 }, 3_000, 0, 3_000];
    let settings = DriftSettings { baseline_windows: 40, windows_joined_max: 10, ..DriftSettings::default() };
    let (changes, monitor) = bare(6, 200, settings, rates);
    assert_eq!(changes, []);
    let rare = monitor.too_rare();
    let [large, never] = rare.as_slice() else { panic!("{rare:?}") };
    assert_eq!((large.rule.as_str(), never.rule.as_str()), ("large-orders", "never"));
    // 30 of 10,000 events, of which ten windows hold 2,500.
    assert!(large.events_needed.is_some_and(|needed| (4_000.0..60_000.0).contains(&needed)), "{large:?}");
    assert_eq!((never.before, never.events_needed), (0.0, None));
    // Where more may be joined, it is told.
    let settings = DriftSettings { baseline_windows: 40, ..DriftSettings::default() };
    let (changes, _) = bare(6, 400, settings, rates);
    assert!(
        matches!(changes.as_slice(), [DriftChange::Dropped { rule, .. }] if rule == "large-orders"),
        "{changes:?}"
    );
}
