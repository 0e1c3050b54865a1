//! A million events.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU64;
use std::time::Duration;

use ruleproof::pattern::{Limits, Pattern, Profile};
use ruleproof::sampling::{Ceiling, Decision, Division, DropReason, Grouping, Ratio, Sampler, SamplingPlan};

use super::events::{KINDS, Made, each};

const EVENTS: usize = 1_000_000;

/// Standard deviations of a two-sided bound that is passed in one of a thousand cases.
const BOUND_99_9: f64 = 3.2905;

fn ratio(ratio: f64) -> Ratio {
    Ratio::new(ratio).unwrap()
}

fn sampler(plan: &SamplingPlan) -> Sampler {
    Sampler::new(plan, Profile::Service)
}

fn by_kind(shares: &[(&str, f64)]) -> Grouping {
    Grouping {
        by: "/detail-type".parse().unwrap(),
        shares: shares.iter().map(|(name, share)| ((*name).to_owned(), ratio(*share))).collect(),
    }
}

/// Whether `kept` of `seen` lies within the 99.9 % bounds of the binomial distribution.
fn assert_binomial(what: &str, kept: f64, seen: f64, share: f64) {
    let deviation = (kept - seen * share) / (seen * share * (1.0 - share)).sqrt().max(1e-9);
    assert!(
        deviation.abs() <= BOUND_99_9,
        "{what}: {kept} of {seen} at {share} is {deviation:.2} deviations off"
    );
}

#[test]
fn the_share_of_each_group_lies_within_the_binomial_bounds() {
    let shares = [("Order Placed", 0.02), ("Order Cancelled", 0.5), ("Refund", 1.0)];
    let plan = SamplingPlan { group: Some(by_kind(&shares)), ..SamplingPlan::of_rate(ratio(0.1)) };
    let mut sampler = sampler(&plan);
    let mut kept: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    each(1, EVENTS, 5_000.0, |event| {
        let (seen, kept) = kept.entry(event.kind).or_default();
        *seen += 1.0;
        *kept += f64::from(u8::from(sampler.decide(event.text.as_bytes(), event.at) != DROPPED));
    });
    for (kind, share) in
        [("Order Placed", 0.02), ("Order Paid", 0.1), ("Item Shipped", 0.1), ("Order \\u0043ancelled", 0.5)]
    {
        let (seen, kept) = kept[kind];
        assert_binomial(kind, kept, seen, share);
    }
    let (seen, kept) = kept["Refund"];
    assert_eq!(seen, kept);
    let counts = sampler.counts();
    assert_eq!(counts.groups.values().map(|group| group.seen).sum::<u64>(), EVENTS as u64);
    assert_eq!(counts.groups.len(), KINDS.len());
    assert!(counts.groups.contains_key("Order Cancelled"), "escapes are read: {:?}", counts.groups.keys());
}

const DROPPED: Decision = Decision::Dropped(DropReason::Sampled);

#[test]
fn keys_are_kept_or_dropped_as_a_whole_and_replicas_agree() {
    let plan = SamplingPlan {
        key: Some("/detail/orderId".parse().unwrap()),
        ..SamplingPlan::of_rate(Ratio::one_in(NonZeroU64::new(10).unwrap()))
    };
    let (mut here, mut there) = (sampler(&plan), sampler(&plan));
    let mut lower = sampler(&SamplingPlan { rate: ratio(0.03), ..plan.clone() });
    let mut keys: HashMap<usize, bool> = HashMap::new();
    let mut number = 0;
    each(2, EVENTS, 5_000.0, |event| {
        let kept = here.decide(event.text.as_bytes(), event.at) != DROPPED;
        assert_eq!(*keys.entry(event.order).or_insert(kept), kept, "order {}", event.order);
        // The replica sees the events at other times, and not all of them.
        number += 1;
        if number % 3 != 0 {
            let later = event.at + Duration::from_secs(7);
            assert_eq!(there.decide(event.text.as_bytes(), later) != DROPPED, kept);
            assert!(
                kept || lower.decide(event.text.as_bytes(), later) == DROPPED,
                "a lower ratio keeps a part"
            );
        }
    });
    let kept = keys.values().filter(|kept| **kept).count();
    assert_binomial("keys", kept as f64, keys.len() as f64, 0.1);
    assert_eq!(here.counts().without_key, 0);
}

/// Sums of weights beside true counts, by country and kind.
fn scaled(plan: &SamplingPlan, seed: u64, events: usize) -> (BTreeMap<String, (f64, f64)>, Sampler) {
    let mut sampler = sampler(plan);
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    each(seed, events, 5_000.0, |event: &Made| {
        let weight = match sampler.decide(event.text.as_bytes(), event.at) {
            Decision::Kept { weight } => weight,
            Decision::Dropped(_) => 0.0,
        };
        for name in ["all", event.country, event.kind] {
            let (truth, sum) = sums.entry(name.to_owned()).or_default();
            *truth += 1.0;
            *sum += weight;
        }
    });
    (sums, sampler)
}

/// The mean of many runs' relative errors lies within its own 99.9 % bounds, and these are narrow.
fn assert_unbiased(plan: &SamplingPlan, widest: f64) {
    let mut errors: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for seed in 0..20 {
        for (name, (truth, sum)) in scaled(plan, 100 + seed, EVENTS / 20).0 {
            errors.entry(name).or_default().push(sum / truth - 1.0);
        }
    }
    for (name, errors) in errors {
        let runs = errors.len() as f64;
        let mean = errors.iter().sum::<f64>() / runs;
        let variance = errors.iter().map(|error| (error - mean).powi(2)).sum::<f64>() / (runs - 1.0);
        // Student's t with 19 degrees of freedom at 99.9 %.
        let bound = 3.883 * (variance / runs).sqrt();
        assert!(mean.abs() <= bound.max(1e-9), "{name}: {mean:.5} beyond {bound:.5}");
        assert!(name != "all" || bound <= widest, "{name}: the bound {bound:.4} says nothing");
    }
}

#[test]
fn scaled_counts_are_unbiased() {
    assert_unbiased(&SamplingPlan::of_rate(ratio(0.1)), 0.02);
    let grouped = by_kind(&[("Order Placed", 0.05), ("Refund", 1.0)]);
    assert_unbiased(&SamplingPlan { group: Some(grouped), ..SamplingPlan::of_rate(ratio(0.2)) }, 0.02);
}

#[test]
fn scaled_counts_are_unbiased_under_a_ceiling_too() {
    for division in [Division::Whole, Division::EqualPerGroup] {
        let plan = SamplingPlan {
            group: Some(by_kind(&[])),
            ceiling: Some(Ceiling { events_per_s: 300.0, division }),
            ..SamplingPlan::of_rate(ratio(0.5))
        };
        assert_unbiased(&plan, 0.08);
        let (sums, sampler) = scaled(&plan, 5, EVENTS / 5);
        let counts = sampler.counts();
        let kept: u64 = counts.groups.values().map(|group| group.kept).sum();
        // 200,000 events in some 30 seconds, of which each lets 300 through, and the first a second's worth at once.
        assert!(kept > 3_000 && kept < 12_000, "{division:?}: {kept} kept");
        let (truth, sum) = sums["all"];
        assert!(((sum + counts.carried()) / truth - 1.0).abs() < 0.1, "{truth} {sum} {}", counts.carried());
    }
}

#[test]
fn no_second_lets_through_more_than_the_ceiling_and_what_was_saved_up() {
    let plan = SamplingPlan {
        ceiling: Some(Ceiling { events_per_s: 100.0, division: Division::Whole }),
        ..SamplingPlan::of_rate(Ratio::ALL)
    };
    let mut sampler = sampler(&plan);
    let mut by_second: BTreeMap<u64, u64> = BTreeMap::new();
    each(9, 200_000, 5_000.0, |event| {
        if let Decision::Kept { weight } = sampler.decide(event.text.as_bytes(), event.at) {
            assert!(weight >= 1.0);
            *by_second.entry(event.at.as_secs()).or_default() += 1;
        }
    });
    let total: u64 = by_second.values().sum();
    let seconds = by_second.len() as u64;
    assert!(total <= 100 * (seconds + 1), "{total} in {seconds} s");
    assert!(by_second.values().all(|kept| *kept <= 200), "{by_second:?}");
}

#[test]
fn what_matches_the_exclusion_is_never_dropped_and_counts_once() {
    let pattern = Pattern::parse(br#"{"detail":{"country":["AT"]}}"#, &Limits::service()).unwrap();
    let plan = SamplingPlan {
        keep: Some(pattern),
        ceiling: Some(Ceiling { events_per_s: 50.0, division: Division::Whole }),
        ..SamplingPlan::of_rate(ratio(0.01))
    };
    let mut sampler = sampler(&plan);
    let mut kept = 0;
    each(4, 50_000, 5_000.0, |event| {
        let decision = sampler.decide(event.text.as_bytes(), event.at);
        if event.country == "AT" {
            assert_eq!(decision, Decision::Kept { weight: 1.0 });
            kept += 1;
        }
    });
    assert!(kept > 4_000);
}

#[test]
fn groups_without_end_are_counted_together() {
    let plan = SamplingPlan {
        group: Some(Grouping { by: "/id".parse().unwrap(), shares: BTreeMap::new() }),
        ..SamplingPlan::of_rate(ratio(0.1))
    };
    let mut sampler = sampler(&plan);
    each(3, 100_000, 5_000.0, |event| {
        sampler.decide(event.text.as_bytes(), event.at);
    });
    let groups = sampler.counts().groups;
    assert_eq!(groups.len(), ruleproof::sampling::GROUPS_MAX + 1);
    assert!(groups["other"].seen > 99_000);
}

#[test]
fn events_that_lack_the_key_are_sampled_by_their_id_and_counted() {
    let plan =
        SamplingPlan { key: Some("/detail/none".parse().unwrap()), ..SamplingPlan::of_rate(ratio(0.1)) };
    let mut keyed = sampler(&plan);
    let mut plain = sampler(&SamplingPlan::of_rate(ratio(0.1)));
    each(6, 20_000, 5_000.0, |event| {
        let text = event.text.as_bytes();
        assert_eq!(keyed.decide(text, event.at), plain.decide(text, event.at));
    });
    assert_eq!(keyed.counts().without_key, 20_000);
    assert_eq!(plain.counts().without_key, 0);
}
