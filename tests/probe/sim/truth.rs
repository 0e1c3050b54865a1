//! What becomes of an event, whenever and however often it is sent.

use std::collections::BTreeSet;

use ruleproof::event::rfc_3339;
use ruleproof::probe::{Entry, MirrorRule};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::scenario::Percent;
use super::shape::{Context, Shaped, shape};
use super::world::World;
use crate::support::oracle::{self, Answer, Profile};

/// Decides fates.
pub struct Decider {
    pub seed: u64,
}

impl Decider {
    fn decides(&self, percent: Percent, what: &str, key: &str) -> bool {
        percent.0 > 0
            && xxh3_64_with_seed(format!("{what}\0{key}").as_bytes(), self.seed) % 100 < percent.0 as u64
    }
}

/// What happens to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryFate {
    Refused,
    Swallowed,
    OnTheBus { unseen: bool },
}

/// What happens at a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetFate {
    Gets,
    Late,
    Lost,
    Dead,
    Corrupted,
}

/// What stays of an event on its way to the bus.
pub fn content_of(entry: &Entry) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    format!("{}|{}|{}", text(&entry.source), text(&entry.detail_type), text(&entry.detail))
}

/// The event as it is on the bus.
pub fn on_the_bus(entry: &Entry, id: &str) -> String {
    let string = |text: &str| serde_json::to_string(text).unwrap();
    let text = |text: &Option<String>| string(text.as_deref().unwrap_or_default());
    let time = rfc_3339(entry.time_s.unwrap_or(1_795_365_900));
    let resources: Vec<String> = entry.resources.iter().map(|resource| string(resource)).collect();
    format!(
        r#"{{"version":"0","id":"{id}","detail-type":{},"source":{},"account":"123456789012","time":"{time}","region":"eu-west-1","resources":[{}],"detail":{}}}"#,
        text(&entry.detail_type),
        text(&entry.source),
        resources.join(","),
        entry.detail.as_deref().unwrap_or("{}"),
    )
}

impl World {
    pub fn entry_fate(&self, entry: &Entry) -> EntryFate {
        let (content, fates) = (content_of(entry), &self.scenario.fates);
        if entry.source.is_none() || self.decider.decides(fates.refused, "refused", &content) {
            EntryFate::Refused
        } else if self.decider.decides(fates.swallowed, "swallowed", &content) {
            EntryFate::Swallowed
        } else {
            EntryFate::OnTheBus { unseen: self.decider.decides(fates.unseen, "unseen", &content) }
        }
    }

    /// Whether the reference says that a pattern matches.
    pub fn matches_by_reference(&self, pattern: &str, event: &str) -> bool {
        oracle::answer(pattern.as_bytes(), event.as_bytes(), Profile::Service) == Answer::Match
    }

    /// Whether the simulated AWS says so.
    pub fn matches(&self, pattern: &str, event: &str, content: &str) -> bool {
        let by_reference = self.matches_by_reference(pattern, event);
        let flipped = self.decider.decides(self.scenario.fates.flipped, pattern, content);
        // Without trace headers, a body that should not be cannot be told from one that is late.
        let flipped = flipped && (self.scenario.trace_headers || !by_reference);
        by_reference != flipped
    }

    pub fn sends_receipt(&self, mirror: &MirrorRule, content: &str) -> bool {
        !self.decider.decides(self.scenario.fates.no_receipt, &mirror.name, content)
    }

    pub fn target_fate(&self, mirror: &MirrorRule, target: usize, body: &str, content: &str) -> TargetFate {
        let fates = &self.scenario.fates;
        // Bodies that several events have are interchangeable, so they have one fate.
        let alike = !self.scenario.trace_headers && !body.contains("u-");
        let key = format!("{}/{target}/{}", mirror.name, if alike { "" } else { content });
        for (percent, what, fate) in [
            (fates.lost, "lost", TargetFate::Lost),
            (fates.dead, "dead", TargetFate::Dead),
            (fates.corrupted, "corrupted", TargetFate::Corrupted),
            (fates.late, "late", TargetFate::Late),
        ] {
            if self.decider.decides(percent, what, &key) {
                return fate;
            }
        }
        TargetFate::Gets
    }

    pub fn shape(&self, mirror: &MirrorRule, target: usize, event: &str, ingestion_time: &str) -> Shaped {
        let rule_arn = self.bus.rule(&mirror.name);
        let context = Context { rule_name: &mirror.name, rule_arn: &rule_arn, ingestion_time };
        shape(&mirror.targets[target].input, event, &context)
    }
}

/// What a verdict has to say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expected {
    /// Whether anything is foreseen of it.
    pub matches: bool,
    /// Codes of its problems.
    pub must: BTreeSet<String>,
    /// Codes that it may have besides.
    pub may: BTreeSet<String>,
}

/// What a verdict on the event that is sent as `entry` has to say.
pub fn expected(world: &World, entry: &Entry) -> Expected {
    let mut expected = Expected::default();
    let must = |code: &str| Expected { must: BTreeSet::from([code.to_owned()]), ..Expected::default() };
    match world.entry_fate(entry) {
        EntryFate::Refused => return must("NotAuthorizedForSourceException"),
        EntryFate::Swallowed | EntryFate::OnTheBus { unseen: true } => return must("NOT_SEEN_ON_BUS"),
        EntryFate::OnTheBus { unseen: false } => {}
    }
    let (event, content) = (on_the_bus(entry, "11111111-0000-4000-8000-000000000000"), content_of(entry));
    let mirrors: Vec<(&MirrorRule, bool, bool)> = world
        .layout
        .mirrors()
        .iter()
        .map(|mirror| {
            let local = world.matches_by_reference(&mirror.pattern, &event);
            (mirror, local, world.matches(&mirror.pattern, &event, &content))
        })
        .collect();
    expected.matches = mirrors.iter().any(|(_, local, _)| *local);
    for (mirror, local, aws) in mirrors {
        match (local, aws) {
            (false, false) => {}
            (true, false) => drop(expected.must.insert("VERDICTS_DISAGREE".to_owned())),
            // Where the event is complete without it, it may come too late for the verdict.
            (false, true) if expected.matches => drop(expected.may.insert("VERDICTS_DISAGREE".to_owned())),
            (false, true) => drop(expected.must.insert("VERDICTS_DISAGREE".to_owned())),
            (true, true) => targets(world, mirror, &event, &content, &mut expected),
        }
    }
    expected
}

fn targets(world: &World, mirror: &MirrorRule, event: &str, content: &str, expected: &mut Expected) {
    let shaped = mirror.targets.len() - 1;
    if shaped == 0 && !world.sends_receipt(mirror, content) {
        expected.must.insert("TIMED_OUT_MATCHED".to_owned());
    }
    for target in 0..shaped {
        let (body, broken) = match world.shape(mirror, target, event, "2026-11-22T10:00:00.000Z") {
            Shaped::Nothing => {
                expected.must.insert("EMPTY_INPUT".to_owned());
                continue;
            }
            Shaped::Body(body) => (body, false),
            Shaped::Broken(body) => (body, true),
        };
        let code = match world.target_fate(mirror, target, &body, content) {
            TargetFate::Lost => "TIMED_OUT_MATCHED",
            TargetFate::Late => {
                expected.may.insert("TIMED_OUT_MATCHED".to_owned());
                if broken {
                    expected.may.insert("INVALID_JSON".to_owned());
                }
                continue;
            }
            _ if broken => "INVALID_JSON",
            TargetFate::Gets => continue,
            TargetFate::Dead => "NO_PERMISSIONS",
            TargetFate::Corrupted => "PAYLOAD_DIFFERS",
        };
        expected.must.insert(code.to_owned());
    }
}
