//! The bus with its rules, and `TestEventPattern`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ruleproof::calls::{CallError, CallErrorKind, Effect};
use ruleproof::json::tree;
use ruleproof::probe::{
    Destination, Entry, EntryAnswer, EntryError, EventBus, Message, MirrorRule, PatternTester,
};

use super::crash::Life;
use super::queue::message;
use super::shape::Shaped;
use super::truth::{EntryFate, TargetFate, content_of, on_the_bus};
use super::world::{Mishap, World};

const STALL: Duration = Duration::from_secs(60);

/// The bus as one process sees it.
pub struct BusClient {
    pub world: Arc<World>,
    pub life: Arc<Life>,
}

impl EventBus for BusClient {
    async fn put_events(&self, entries: &[Entry]) -> Result<Vec<EntryAnswer>, CallError> {
        assert!((1..=10).contains(&entries.len()), "{} entries", entries.len());
        let bytes: usize = entries.iter().map(size).sum();
        assert!(bytes <= 1_048_576, "{bytes} bytes in one call");
        let leave = self.life.operation(self.world.scenario.noise.latency_max).await;
        let put = || entries.iter().map(|entry| self.world.put(entry)).collect::<Vec<_>>();
        match self.world.mishap("EventBridge", "PutEvents") {
            Mishap::None => leave.answer(Ok(put())).await,
            Mishap::Fails(error) => leave.answer(Err(error)).await,
            Mishap::Unanswered(error) => {
                drop(put());
                leave.answer(Err(error)).await
            }
            Mishap::Stalls(has_effect) => {
                if has_effect {
                    drop(put());
                }
                tokio::time::sleep(STALL).await;
                unreachable!("calls have timeouts")
            }
        }
    }
}

impl PatternTester for BusClient {
    async fn test(&self, pattern: &str, event: &str) -> Result<bool, CallError> {
        let leave = self.life.operation(self.world.scenario.noise.latency_max).await;
        match self.world.mishap("EventBridge", "TestEventPattern") {
            Mishap::None => leave.answer(self.world.test_event_pattern(pattern, event)).await,
            Mishap::Fails(error) | Mishap::Unanswered(error) => leave.answer(Err(error)).await,
            Mishap::Stalls(_) => {
                tokio::time::sleep(STALL).await;
                unreachable!("calls have timeouts")
            }
        }
    }
}

/// What an entry counts for, by the User Guide's formula.
fn size(entry: &Entry) -> usize {
    let texts = [&entry.source, &entry.detail_type, &entry.detail];
    let texts: usize = texts.into_iter().flatten().chain(&entry.resources).map(String::len).sum();
    texts + if entry.time_s.is_some() { 14 } else { 0 }
}

/// One event on its way from the bus to queues.
struct OnBus<'w> {
    world: &'w World,
    event: String,
    content: String,
    trace_header: Option<String>,
}

impl World {
    fn put(&self, entry: &Entry) -> EntryAnswer {
        let error = |code: &str| Err(EntryError { code: code.to_owned(), message: "simulated".to_owned() });
        if self.chance(self.scenario.noise.entry_failed) {
            let code =
                if self.fresh_id().is_multiple_of(2) { "InternalFailure" } else { "ThrottlingException" };
            return error(code);
        }
        let number = self.fresh_id();
        let id = format!("{:08x}-1111-4111-8111-{number:012x}", self.scenario.seed as u32);
        match self.entry_fate(entry) {
            EntryFate::Refused => return error("NotAuthorizedForSourceException"),
            EntryFate::Swallowed => {}
            EntryFate::OnTheBus { unseen } => {
                let on_bus = OnBus {
                    world: self,
                    event: on_the_bus(entry, &id),
                    content: content_of(entry),
                    trace_header: self.scenario.trace_headers.then(|| entry.trace_header.clone()),
                };
                on_bus.deliver(unseen);
            }
        }
        Ok(id)
    }

    fn test_event_pattern(&self, pattern: &str, event: &str) -> Result<bool, CallError> {
        let root = tree::parse(pattern.as_bytes()).expect("patterns are JSON");
        let own = |text: &str| self.layout.mirrors().iter().any(|mirror| mirror.pattern == text);
        let branches: Vec<&str> = match root.get("$or").and_then(|or| or.as_array()) {
            Some(branches) if !own(pattern) => {
                branches.iter().map(|branch| &pattern[branch.span.clone()]).collect()
            }
            _ => vec![pattern],
        };
        assert!(
            branches.iter().all(|branch| own(branch)),
            "only patterns under test are asked of: {pattern}"
        );
        if branches.len() > self.scenario.noise.branches_max {
            return Err(CallError {
                service: "EventBridge",
                operation: "TestEventPattern",
                code: "InvalidEventPatternException".to_owned(),
                message: "Event pattern is not valid. Reason: simulated".to_owned(),
                kind: CallErrorKind::Invalid,
                effect: Effect::None,
            });
        }
        let root = tree::parse(event.as_bytes()).expect("events are JSON");
        let text = |name: &str| root.get(name).and_then(|node| node.as_str()).unwrap_or_default();
        let detail = root.get("detail").map(|node| &event[node.span.clone()]).unwrap_or_default();
        let content = format!("{}|{}|{}", text("source"), text("detail-type"), detail);
        Ok(branches.iter().any(|branch| self.matches(branch, event, &content)))
    }
}

impl OnBus<'_> {
    fn deliver(&self, unseen: bool) {
        if !unseen {
            self.send(Destination::Seen, self.event.clone(), None, BTreeMap::new(), Duration::ZERO);
        }
        for (mirror, number) in self.world.layout.mirrors().iter().zip(0..) {
            if self.world.matches(&mirror.pattern, &self.event, &self.content) {
                self.mirror(mirror, number);
            }
        }
    }

    fn mirror(&self, mirror: &MirrorRule, number: usize) {
        if self.world.sends_receipt(mirror, &self.content) {
            let id = tree::parse(self.event.as_bytes()).unwrap();
            let id = id.get("id").unwrap().as_str().unwrap();
            let body = format!(r#"{{"mirror":{number},"event":"{id}"}}"#);
            self.send(Destination::Receipts, body, None, BTreeMap::new(), Duration::ZERO);
        }
        let ingested = format!(
            "2026-11-22T10:00:{:02}.{:03}Z",
            self.world.fresh_id() % 60,
            self.world.fresh_id() % 1_000
        );
        for target in 0..mirror.targets.len() - 1 {
            let (body, broken) = match self.world.shape(mirror, target, &self.event, &ingested) {
                Shaped::Nothing => continue,
                Shaped::Body(body) => (body, false),
                Shaped::Broken(body) => (body, true),
            };
            let fate = self.world.target_fate(mirror, target, &body, &self.content);
            self.target(mirror, target, body, broken, fate);
        }
    }

    fn target(&self, mirror: &MirrorRule, target: usize, body: String, broken: bool, fate: TargetFate) {
        let own = &mirror.targets[target];
        let late = if fate == TargetFate::Late { Duration::from_secs(14) } else { Duration::ZERO };
        match fate {
            TargetFate::Lost => {}
            _ if broken => self.dead_letter(mirror, target, body, "INVALID_JSON", late),
            TargetFate::Dead => self.dead_letter(mirror, target, body, "NO_PERMISSIONS", late),
            TargetFate::Corrupted => {
                let body = format!(r#"{{"corrupted":{}}}"#, self.world.fresh_id());
                self.send(own.destination, body, own.group.clone(), BTreeMap::new(), late);
            }
            TargetFate::Gets | TargetFate::Late => {
                let target = own.stands_for.clone().expect("it is no receipt");
                let served = (mirror.display_name.clone(), target);
                *self.world.state().sent_to.entry(served).or_default() += 1;
                self.send(own.destination, body, own.group.clone(), BTreeMap::new(), late);
            }
        }
    }

    fn dead_letter(&self, mirror: &MirrorRule, target: usize, body: String, code: &str, late: Duration) {
        let queue = self.world.layout.queue_name(mirror.targets[target].destination);
        let attributes = [
            ("RULE_ARN", self.world.bus.rule(&mirror.name)),
            ("TARGET_ARN", self.world.bus.queue(&queue)),
            ("ERROR_CODE", code.to_owned()),
            ("ERROR_MESSAGE", "simulated".to_owned()),
        ];
        let attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.send(Destination::DeadLetters, body, None, attributes, late);
    }

    fn send(
        &self,
        queue: Destination,
        body: String,
        group: Option<String>,
        attributes: BTreeMap<String, String>,
        late: Duration,
    ) {
        let noise = &self.world.scenario.noise;
        let copies = if self.world.chance(noise.doubled) { 2 } else { 1 };
        for copy in 0..copies {
            let delay_ms = self.world.state().rng.below(noise.delay_max.as_millis() as usize + 1) as u64;
            // A second copy may come long after the first.
            let more = if copy > 0 && self.world.chance(super::scenario::Percent(30)) { 9_000 } else { 0 };
            let delay = late + Duration::from_millis(delay_ms + more);
            let group = group.clone().filter(|_| self.world.scenario.groups);
            let id = self.world.fresh_id();
            let message = message(id, body.clone(), self.trace_header.clone(), group, self.world.now_ms());
            self.world.enqueue(queue, Message { attributes: attributes.clone(), ..message }, delay);
        }
    }
}
