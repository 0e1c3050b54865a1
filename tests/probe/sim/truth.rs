//! What becomes of an event, whenever and however often it is sent, and what a verdict has to say of it.
//!
//! With trace headers every truth can be told, and has to be. Without them some cannot ("tangled" scenarios):
//!
//! - *What is wrong at a target.* A body that fits no event (corrupted, late from an earlier attempt, of an event that was
//!   never seen, or of a rule that should not match) may be taken for that of an event whose own was lost. So "it got
//!   nothing", "it got something else" and "its body is a dead letter" are one truth there: something is wrong at that
//!   target. Which target, and that it is one, has to be told.
//! - *Whose a body is that several events have* ("alike"). If it arrives more than once, an event that a rule does not match
//!   by AWS's answer may get another event's.
//!
//! Everything else is exact there too: which events the bus refused, swallowed or never showed, which are unmatched, and
//! disagreements where no body is alike. And in all scenarios no target counts as served oftener than it was
//! ([`super::verify`]).

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

    /// Whether the reference says that a pattern matches. It is slow, and asked the same again and again: no rule looks
    /// at anything that is not in `content`, or else the same in all events.
    pub fn matches_by_reference(&self, pattern: &str, event: &str, content: &str) -> bool {
        let mut answers = self.answers.lock().unwrap();
        let of_event = answers.entry(content.to_owned()).or_default();
        if let Some((_, matches)) = of_event.iter().find(|(asked, _)| asked == pattern) {
            return *matches;
        }
        let answer = oracle::answer(pattern.as_bytes(), event.as_bytes(), Profile::Service);
        of_event.push((pattern.to_owned(), answer == Answer::Match));
        answer == Answer::Match
    }

    /// Whether the simulated AWS says so.
    pub fn matches(&self, pattern: &str, event: &str, content: &str) -> bool {
        let by_reference = self.matches_by_reference(pattern, event, content);
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
        let alike = !self.scenario.trace_headers && is_alike(body);
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
    /// Codes of its problems, each of these or one of its alternatives.
    pub must: Vec<BTreeSet<String>>,
    /// Codes that it may have besides.
    pub may: BTreeSet<String>,
}

/// What may be said of a target at which something is wrong, where nobody can tell what.
const SOMETHING_WRONG: [&str; 4] = ["TIMED_OUT_MATCHED", "PAYLOAD_DIFFERS", "NO_PERMISSIONS", "INVALID_JSON"];

fn one(code: &str) -> BTreeSet<String> {
    BTreeSet::from([code.to_owned()])
}

fn something_wrong() -> impl Iterator<Item = String> {
    SOMETHING_WRONG.into_iter().map(str::to_owned)
}

impl Expected {
    /// The event is errored for that.
    pub fn must(code: &str) -> Expected {
        Expected { must: vec![one(code)], ..Expected::default() }
    }

    /// Whether a verdict may have just these codes.
    pub fn fits(&self, codes: &BTreeSet<String>) -> bool {
        let allowed = |code| self.may.contains(code) || self.must.iter().any(|any| any.contains(code));
        self.must.iter().all(|any| !any.is_disjoint(codes)) && codes.iter().all(allowed)
    }
}

/// What a verdict on the event that is sent as `entry` has to say.
pub fn expected(world: &World, entry: &Entry) -> Expected {
    let mut expected = Expected::default();
    match world.entry_fate(entry) {
        EntryFate::Refused => return Expected::must("NotAuthorizedForSourceException"),
        EntryFate::Swallowed | EntryFate::OnTheBus { unseen: true } => {
            return Expected::must("NOT_SEEN_ON_BUS");
        }
        EntryFate::OnTheBus { unseen: false } => {}
    }
    let (event, content) = (on_the_bus(entry, "11111111-0000-4000-8000-000000000000"), content_of(entry));
    let mirrors: Vec<(&MirrorRule, bool, bool)> = world
        .layout
        .mirrors()
        .iter()
        .map(|mirror| {
            let local = world.matches_by_reference(&mirror.pattern, &event, &content);
            (mirror, local, world.matches(&mirror.pattern, &event, &content))
        })
        .collect();
    expected.matches = mirrors.iter().any(|(_, local, _)| *local);
    for (mirror, local, aws) in mirrors {
        match (local, aws) {
            (false, false) => {}
            (true, false) if world.scenario.tangled && has_body_alike(world, mirror, &event) => {
                expected.may.insert("VERDICTS_DISAGREE".to_owned());
                expected.may.extend(something_wrong());
            }
            (true, false) => expected.must.push(one("VERDICTS_DISAGREE")),
            // Where the event is complete without it, it may come too late for the verdict.
            (false, true) if expected.matches => drop(expected.may.insert("VERDICTS_DISAGREE".to_owned())),
            (false, true) => expected.must.push(one("VERDICTS_DISAGREE")),
            (true, true) => targets(world, mirror, &event, &content, &mut expected),
        }
    }
    expected
}

/// A body that other events may have as well.
fn is_alike(body: &str) -> bool {
    !body.contains("u-")
}

fn has_body_alike(world: &World, mirror: &MirrorRule, event: &str) -> bool {
    (0..mirror.targets.len() - 1).any(|target| match world.shape(mirror, target, event, INGESTED) {
        Shaped::Body(body) | Shaped::Broken(body) => is_alike(&body),
        Shaped::Nothing => false,
    })
}

const INGESTED: &str = "2026-11-22T10:00:00.000Z";

fn targets(world: &World, mirror: &MirrorRule, event: &str, content: &str, expected: &mut Expected) {
    let shaped = mirror.targets.len() - 1;
    if shaped == 0 && !world.sends_receipt(mirror, content) {
        expected.must.push(one("TIMED_OUT_MATCHED"));
    }
    let tangled = world.scenario.tangled;
    for target in 0..shaped {
        let (body, broken) = match world.shape(mirror, target, event, INGESTED) {
            Shaped::Nothing => {
                expected.must.push(one("EMPTY_INPUT"));
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
                if tangled {
                    expected.may.extend(something_wrong());
                }
                continue;
            }
            _ if broken => "INVALID_JSON",
            TargetFate::Gets => continue,
            TargetFate::Dead => "NO_PERMISSIONS",
            TargetFate::Corrupted => "PAYLOAD_DIFFERS",
        };
        expected.must.push(match code {
            _ if tangled => something_wrong().collect(),
            code => one(code),
        });
    }
}
