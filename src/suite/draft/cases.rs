//! Which events to test each rule with, and what becomes of them.

use std::collections::BTreeSet;

use super::drafted::{BodyDraft, Draft, DraftOptions, EventDraft, JudgedDraft, NearMiss, RuleDraft};
use super::edits::{edits_of_details, smallest_edits, written_node};
use super::samples::Sample;
use super::yaml::can_say;
use super::{text, yaml};
use crate::analysis::synthesis::matching_event;
use crate::findings::CompiledRule;
use crate::json::{JsonPointer, Value, tree};
use crate::matcher::{RuleIndex, explain};
use crate::pattern::{Pattern, Profile};
use crate::suite::envelope;
use crate::transform::TargetInput;
use crate::verdict::{Bodies, Code, Errored, JudgeScratch, Matches, RuleSet, TargetIndex, Verdict, judge};

/// Drafts a test file for `rules`, which `set` judges.
pub fn draft(rules: &[CompiledRule], set: &RuleSet, options: &DraftOptions<'_>) -> Draft {
    let mut drafting = Drafting {
        set,
        profile: options.head.profile,
        scratch: JudgeScratch::keeping(Bodies::All),
        names: BTreeSet::new(),
    };
    let drafted: Vec<RuleDraft> = (0..)
        .zip(rules)
        .map(|(index, rule)| drafting.rule(RuleIndex(index), rule, options.samples.get(index as usize)))
        .collect();
    let tests = drafted.iter().map(|rule| rule.tests()).sum();
    let without = drafted.iter().filter(|rule| rule.event.is_none()).map(|rule| rule.name.clone());
    Draft { without_tests: without.collect(), tests, text: text::of_file(&drafted, &options.head) }
}

struct Drafting<'d> {
    set: &'d RuleSet,
    profile: Profile,
    scratch: JudgeScratch,
    /// Of fixtures.
    names: BTreeSet<String>,
}

impl Drafting<'_> {
    fn rule(&mut self, index: RuleIndex, rule: &CompiledRule, sample: Option<&Option<Sample>>) -> RuleDraft {
        let name = self.set.rule(index).display_name.clone();
        let fixture = self.fixture_name(&name);
        let recorded = sample.and_then(Option::as_ref).and_then(|sample| {
            let event = self.written_event(&sample.event, &fixture, index, rule)?;
            Some((event, Some(sample.place.clone())))
        });
        let found = recorded.or_else(|| {
            let made = matching_event(&rule.pattern, self.profile)?;
            Some((self.written_event(made.as_bytes(), &fixture, index, rule)?, None))
        });
        let Some(((event, judged), recorded)) = found else {
            return RuleDraft { name, event: None, near_miss: None };
        };
        let near_miss = self.near_miss(&event, &fixture, index, &rule.pattern);
        RuleDraft { name, event: Some(EventDraft { fixture, recorded, event, judged }), near_miss }
    }

    /// The name of the rule, or with a number behind it.
    fn fixture_name(&mut self, rule: &str) -> String {
        let numbered = (2..).map(|number| format!("{rule}-{number}"));
        let mut names = std::iter::once(rule.to_owned()).chain(numbered);
        let name = names.find(|name| !self.names.contains(name)).unwrap_or_default();
        self.names.insert(name.clone());
        name
    }

    /// The event as it is to stand in the file, and what becomes of it there; without those fields of the envelope that
    /// nobody asks for, if it matches without them too.
    fn written_event(
        &mut self,
        event: &[u8],
        fixture: &str,
        index: RuleIndex,
        rule: &CompiledRule,
    ) -> Option<(Value, JudgedDraft)> {
        let whole = tree::parse(event).ok()?.value;
        [without_envelope(&whole, &rule.pattern), whole].into_iter().find_map(|event| {
            if !can_say(&event) {
                return None;
            }
            let judged = self.judged(&filled(&event, fixture)?, index)?;
            judged.matches.contains(&self.set.rule(index).display_name).then_some((event, judged))
        })
    }

    fn near_miss(
        &mut self,
        event: &Value,
        fixture: &str,
        index: RuleIndex,
        pattern: &Pattern,
    ) -> Option<NearMiss> {
        let whole = filled(event, fixture)?;
        let mut edits = edits_of_details(pattern, &whole, self.profile);
        edits.extend(smallest_edits(pattern, &whole, self.profile));
        edits.into_iter().find_map(|edits| {
            let changed = edits.applied_to(&whole)?;
            let judged = self.judged(&changed, index)?;
            let missed = !judged.matches.contains(&self.set.rule(index).display_name);
            let because = only_reason(pattern, &changed, self.profile);
            missed.then_some(NearMiss { edits, judged, because })
        })
    }

    fn judged(&mut self, event: &str, own: RuleIndex) -> Option<JudgedDraft> {
        judged(self.set, event, Some(own), &mut self.scratch)
    }
}

/// What becomes of an event, with the bodies of the targets of `own`; `None` if it cannot be judged.
pub(super) fn judged(
    set: &RuleSet,
    event: &str,
    own: Option<RuleIndex>,
    scratch: &mut JudgeScratch,
) -> Option<JudgedDraft> {
    let verdict = judge(set, event.as_bytes(), scratch).verdict;
    let matches = match &verdict {
        Verdict::Errored(Errored::Event(_)) => return None,
        Verdict::Unmatched => None,
        Verdict::Delivered(matches) | Verdict::Errored(Errored::Targets(matches)) => Some(*matches),
    };
    let names = matches.iter().flat_map(|matches| matches.rules);
    let mut failures = matches.iter().flat_map(Matches::failures);
    Some(JudgedDraft {
        matches: names.map(|rule| set.rule(*rule).display_name.clone()).collect(),
        code: failures.next().map(|failure| Code::from(failure.failure)),
        bodies: matches.zip(own).map(|(matches, own)| bodies(set, &matches, own)).unwrap_or_default(),
    })
}

/// The bodies of the targets of `own`, but for those that get the event as it is.
fn bodies(set: &RuleSet, matches: &Matches<'_>, own: RuleIndex) -> Vec<(String, BodyDraft)> {
    let shapes = |target: TargetIndex| {
        !matches!(set.target(own, target).input, None | Some(TargetInput::WholeEvent | TargetInput::Nothing))
    };
    matches
        .deliveries()
        .filter(|(delivery, _)| delivery.rule == own && shapes(delivery.target))
        .filter_map(|(delivery, body)| {
            let target = set.target(own, delivery.target).id.clone();
            Some((target, body_draft(std::str::from_utf8(body).ok()?)))
        })
        .collect()
}

fn body_draft(body: &str) -> BodyDraft {
    let whole = tree::parse(body.as_bytes()).ok().filter(|node| body[node.span.end..].trim().is_empty());
    match whole.map(|node| node.value).filter(yaml::can_say) {
        Some(value) => BodyDraft::Json(value),
        None => BodyDraft::Text(body.to_owned()),
    }
}

/// The only condition that an event does not meet, and what stands there.
fn only_reason(pattern: &Pattern, event: &str, profile: Profile) -> Option<(String, Option<Value>)> {
    // Of a pattern with several ways to match, which one is missed is a matter of opinion.
    let [_] = pattern.alternatives() else { return None };
    let explanation = explain(pattern, event.as_bytes(), profile).ok()?;
    let mut unmet = explanation.conditions.iter().filter(|condition| !condition.holds);
    let (only, None) = (unmet.next()?, unmet.next()) else { return None };
    match only.found.as_slice() {
        [] => {
            let mut pointer = JsonPointer::root();
            only.path.split('.').for_each(|step| pointer.push_member(&step.into()));
            Some((pointer.as_str().to_owned(), None))
        }
        [found] => {
            let value = tree::parse(found.actual.as_bytes()).ok()?.value;
            can_say(&value).then(|| (found.pointer.as_str().to_owned(), Some(value)))
        }
        _ => None,
    }
}

/// The event without those fields that a test file fills in and `pattern` does not ask for.
fn without_envelope(event: &Value, pattern: &Pattern) -> Value {
    const KEPT: [&[u8]; 3] = [b"source", b"detail-type", b"detail"];
    let Value::Object(members) = event else { return event.clone() };
    let asked = |name: &[u8]| {
        let mut conditions = pattern.alternatives().iter().flat_map(|alternative| &alternative.conditions);
        conditions.any(|condition| condition.path.steps().next() == Some(name))
    };
    let kept = |name: &[u8]| KEPT.contains(&name) || asked(name);
    Value::Object(members.iter().filter(|member| kept(member.name.as_bytes())).cloned().collect())
}

/// The JSON text of the event that a test file makes of `event`.
fn filled(event: &Value, fixture: &str) -> Option<String> {
    Some(envelope::filled(&written_node(&event.to_string())?, fixture).to_json())
}
