//! Events of a shop, made from a seed.

use std::time::Duration;

use super::rng::Rng;

/// The kinds of events, and how many of a hundred are of each.
pub(crate) const KINDS: [(usize, &str); 5] = [
    (60, "Order Placed"),
    (25, "Order Paid"),
    (10, "Item Shipped"),
    (4, "Order \\u0043ancelled"),
    (1, "Refund"),
];

/// What an event says, and its text.
pub(crate) struct Made {
    pub(crate) kind: &'static str,
    pub(crate) order: usize,
    pub(crate) country: &'static str,
    pub(crate) text: String,
    /// When it comes.
    pub(crate) at: Duration,
}

/// Calls `see` with each of `count` events, about `per_s` in a second, with bursts.
pub(crate) fn each(seed: u64, count: usize, per_s: f64, mut see: impl FnMut(&Made)) {
    let mut random = Rng::new(seed);
    let mut at = Duration::ZERO;
    let weighted = KINDS.map(|(weight, name)| (weight, name));
    for _ in 0..count {
        // Every tenth second has five times as many.
        let burst = if at.as_secs() % 10 == 3 { 5.0 } else { 1.0 };
        at += Duration::from_secs_f64(
            2.0 * random.below(1 << 20) as f64 / f64::from(1 << 20) / (per_s * burst),
        );
        let kind = random.weighted(&weighted);
        let order = random.below(50_000);
        let country = random.weighted(&[(70, "DE"), (20, "FR"), (10, "AT")]);
        let id = (random.next_u64(), random.next_u64());
        let text = format!(
            "{{\"version\":\"0\",\"id\":\"{:016x}{:016x}\",\"detail-type\":\"{kind}\",\"source\":\"shop\",\
             \"resources\":[],\"detail\":{{\"lines\":[{{\"sku\":\"{}\"}}],\"orderId\":\"o-{order}\",\"country\":\"{country}\"}}}}",
            id.0,
            id.1,
            random.below(1000)
        );
        see(&Made { kind, order, country, text, at });
    }
}
