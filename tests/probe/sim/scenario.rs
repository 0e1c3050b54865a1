//! What a seed stands for.

use std::time::Duration;

use ruleproof::findings::CompiledRule;

use super::rules;
use crate::support::rng::Rng;

/// In how many of a hundred cases something happens.
#[derive(Debug, Clone, Copy, Default)]
pub struct Percent(pub usize);

/// What goes wrong for good. Each is decided by the content of the event, and the rule or target.
#[derive(Debug, Clone, Default)]
pub struct Fates {
    /// `PutEvents` refuses the entry.
    pub refused: Percent,
    /// The bus takes the event and drops it.
    pub swallowed: Percent,
    /// The catch-all gets no copy.
    pub unseen: Percent,
    /// AWS answers otherwise than the reference whether a rule matches.
    pub flipped: Percent,
    /// A mirror sends no receipt.
    pub no_receipt: Percent,
    /// A target gets nothing.
    pub lost: Percent,
    /// A target cannot be reached; its dead-letter queue can.
    pub dead: Percent,
    /// A target gets another body.
    pub corrupted: Percent,
    /// A target gets its body after the deadline.
    pub late: Percent,
}

/// What goes wrong now and then.
#[derive(Debug, Clone, Default)]
pub struct Noise {
    /// Messages come after at most so long.
    pub delay_max: Duration,
    /// A message is delivered twice, under two ids.
    pub doubled: Percent,
    /// A message is received again though it is hidden, or was deleted.
    pub repeated: Percent,
    /// A call is throttled.
    pub throttled: Percent,
    /// A call fails without effect.
    pub failed: Percent,
    /// A call has its effect, and its answer is lost.
    pub unanswered: Percent,
    /// A call takes longer than its timeout.
    pub stalled: Percent,
    /// An entry of `PutEvents` fails and may be sent again.
    pub entry_failed: Percent,
    /// A message of a batch is not deleted.
    pub undeleted: Percent,
    /// `TestEventPattern` refuses more branches than this.
    pub branches_max: usize,
    /// Longest time of a call or a write.
    pub latency_max: Duration,
}

/// When a service does not answer at all, from the start of the run.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    pub event_bridge: bool,
    pub from: Duration,
    pub to: Duration,
}

/// A run and what happens to it.
#[derive(Clone)]
pub struct Scenario {
    pub seed: u64,
    pub rules: Vec<CompiledRule>,
    pub events: Vec<String>,
    pub fates: Fates,
    pub noise: Noise,
    pub outages: Vec<Outage>,
    /// Messages have the trace header of their event.
    pub trace_headers: bool,
    /// There are no trace headers, and bodies that fit no event, or come more often than once: whoever looks at the
    /// queues alone cannot tell every truth. See [`super::truth`] for what can be told all the same.
    pub tangled: bool,
    /// Messages have the message group of their target.
    pub groups: bool,
    /// Delivery queues, at most.
    pub queues_max: usize,
    pub rate: Option<u32>,
    pub in_flight_max: usize,
}

impl Scenario {
    /// Everything but rules and events.
    pub fn in_short(&self) -> String {
        let Scenario {
            seed,
            fates,
            noise,
            outages,
            trace_headers,
            tangled,
            groups,
            queues_max,
            rate,
            in_flight_max,
            ..
        } = self;
        let rules: Vec<&str> = self.rules.iter().map(|rule| rule.rule.name.as_str()).collect();
        format!(
            "seed {seed}: {} events, rules {rules:?}, trace headers {trace_headers}, tangled {tangled}, groups {groups}, {queues_max} queues, \
             rate {rate:?}, {in_flight_max} in flight\n{fates:?}\n{noise:?}\n{outages:?}",
            self.events.len()
        )
    }

    pub fn of(seed: u64) -> Scenario {
        let mut rng = Rng::new(seed);
        let rng = &mut rng;
        let trace_headers = !rng.one_in(3);
        let count = rng.between(1, 6);
        let mut picked: Vec<usize> = (0..rules::all().len()).collect();
        rng.shuffle(&mut picked);
        picked.truncate(count);
        picked.sort_unstable();
        let rules = picked.into_iter().map(|rule| rules::all()[rule].clone()).collect();
        let count = rng.between(3, 24);
        let large = rng.one_in(200);
        let padding = |rng: &mut Rng| if large { rng.between(1, 1_100) * 1_000 } else { 0 };
        let count = if large { count.min(6) } else { count };
        let events = (0..count).map(|number| (number, padding(rng)));
        let events: Vec<(usize, usize)> = events.collect();
        let events = events.into_iter().map(|(number, padding)| event(rng, seed, number, padding)).collect();
        let groups = rng.percent(70);
        let (mut fates, mut noise) = (fates(rng), noise(rng));
        let tangled = !trace_headers && rng.one_in(2);
        if !trace_headers && !tangled {
            untangle(rng, &mut fates, &mut noise);
        }
        Scenario {
            seed,
            rules,
            events,
            fates,
            noise,
            outages: outages(rng),
            trace_headers,
            tangled,
            groups,
            // Without groups, equal bodies of one event at two targets of one queue cannot be told apart.
            queues_max: if groups { rng.weighted(&[(1, 4), (1, 32)]) } else { 32 },
            rate: rng.percent(30).then(|| rng.between(1, 40) as u32),
            in_flight_max: rng.weighted(&[(1, 1), (2, 4), (4, 1_000)]),
        }
    }
}

fn some(rng: &mut Rng, most: usize) -> Percent {
    Percent(if rng.percent(40) { rng.between(1, most) } else { 0 })
}

fn fates(rng: &mut Rng) -> Fates {
    Fates {
        refused: some(rng, 15),
        swallowed: some(rng, 15),
        unseen: some(rng, 15),
        flipped: some(rng, 15),
        no_receipt: some(rng, 20),
        lost: some(rng, 20),
        dead: some(rng, 25),
        corrupted: some(rng, 20),
        late: some(rng, 15),
    }
}

/// Leaves what can be told exactly without trace headers. A body that fits no event can only be guessed at: beside a lost
/// one, or without a receipt, nobody could tell whose it is. And bodies that are foreseen of several events are
/// interchangeable: that one arrived twice and another one not at all cannot be told from both having arrived.
fn untangle(rng: &mut Rng, fates: &mut Fates, noise: &mut Noise) {
    let none = Percent(0);
    fates.late = none;
    match rng.below(3) {
        0 => (fates.corrupted, fates.flipped, fates.unseen) = (none, none, none),
        1 => {
            (fates.lost, fates.no_receipt, fates.flipped) = (none, none, none);
            fates.unseen = none;
        }
        _ => (fates.lost, fates.corrupted, fates.dead) = (none, none, none),
    }
    let loses = [fates.lost, fates.dead, fates.corrupted, fates.flipped].iter().any(|percent| percent.0 > 0);
    if loses {
        (noise.doubled, noise.unanswered, noise.stalled) = (none, none, none);
    }
}

fn noise(rng: &mut Rng) -> Noise {
    Noise {
        delay_max: Duration::from_millis(rng.weighted(&[(1, 0), (2, 200), (3, 3_000)])),
        doubled: some(rng, 30),
        repeated: some(rng, 20),
        throttled: some(rng, 20),
        failed: some(rng, 20),
        unanswered: some(rng, 15),
        stalled: some(rng, 5),
        entry_failed: some(rng, 20),
        undeleted: some(rng, 20),
        branches_max: rng.weighted(&[(3, 1_000), (1, 3), (1, 1)]),
        latency_max: Duration::from_millis(rng.weighted(&[(1, 0), (3, 30), (1, 400)])),
    }
}

fn outages(rng: &mut Rng) -> Vec<Outage> {
    if !rng.one_in(4) {
        return Vec::new();
    }
    let from = Duration::from_millis(rng.below(15_000) as u64);
    // Now and then one is longer than any breaker waits.
    let longest = if rng.one_in(4) { 600_000 } else { 40_000 };
    let to = from + Duration::from_millis(rng.between(100, longest) as u64);
    vec![Outage { event_bridge: rng.one_in(2), from, to }]
}

/// An event as somebody has it on file: its id and account are not those that it will have on the bus.
fn event(rng: &mut Rng, seed: u64, number: usize, padding: usize) -> String {
    if rng.one_in(40) {
        return rng
            .pick(&["{", "[1]", r#"{"source":7,"detail":{}}"#, r#"{"source":"s","time":"soon"}"#])
            .to_owned();
    }
    // Now and then two events are alike in everything that gets to the bus.
    let unique = if rng.one_in(12) && padding == 0 { number.saturating_sub(1) } else { number };
    let padding = "p".repeat(padding);
    let mut own = Rng::new(seed.wrapping_mul(1_000).wrapping_add(unique as u64));
    let rng = &mut own;
    let source = rng.pick(&["shop.orders", "shop.orders", "shop.returns", "other"]);
    let kind = rng.pick(&["a", "b", "c"]);
    let n = rng.below(9);
    let text = rng.pick(&["plain words", "plain", r#"say \"hello\""#, "back \\\\ slash", "Zo\u{eb}"]);
    let maybe = match rng.below(3) {
        0 => String::new(),
        1 => format!(r#","maybe":{n}"#),
        _ => r#","maybe":"word""#.to_owned(),
    };
    let tags = rng.pick(&[r#"["x","y"]"#, "[]", r#"["z"]"#]);
    let detail_type = rng.pick(&["Placed", "Shipped"]);
    let time = if rng.percent(80) { r#","time":"2026-03-04T05:06:07Z""# } else { "" };
    format!(
        r#"{{"version":"0","id":"own-{number}","detail-type":"{detail_type}","source":"{source}","account":"999999999999"{time},"region":"us-east-1","resources":["arn:r"],"detail":{{"unique":"u-{unique}","kind":"{kind}","n":{n},"text":"{text}","tags":{tags}{maybe},"padding":"{padding}"}}}}"#
    )
}
