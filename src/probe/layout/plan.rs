//! Which mirrors, targets and queues there are.

use std::time::Duration;

use xxhash_rust::xxh3::Xxh3;

use super::input::MirrorInput;
use super::name::{LayoutError, TestbedName};
use super::queues::{DELIVERY_QUEUES_MAX, Destination};
use crate::findings::CompiledRule;
use crate::transform::{Definition, TargetInput};

/// The pattern of the catch-all: EventBridge gives every event this version.
pub const CATCH_ALL_PATTERN: &str = r#"{"version":["0"]}"#;

/// The catch-all's name.
const CATCH_ALL_NAME: &str = "rp-catch-all";

/// Targets of a rule that the service allows, not adjustable (EventBridge quotas).
const TARGETS_MAX: usize = 5;

/// Targets of a mirror besides its receipt.
const SHAPED_MAX: usize = TARGETS_MAX - 1;

/// Longest name of a rule. Source: EventBridge API Reference, `Rule`.
const RULE_NAME_LEN_MAX: usize = 64;

/// Mirrors and pairs that one testbed can number.
const NUMBERED_MAX: usize = u16::MAX as usize;

/// The number of a mirror: its place in [`Layout::mirrors`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MirrorIndex(pub u16);

/// The number of a mirrored target among all that are: its place in [`Layout::pairs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PairIndex(pub u16);

/// Everything that has to be on a test bus for some rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    name: TestbedName,
    mirrors: Vec<MirrorRule>,
    /// Of each pair, its mirror and its place among the mirror's targets.
    pairs: Vec<(MirrorIndex, u16)>,
    /// While targets are numbered, the most that there may be; then, how many there are.
    delivery_queues: u16,
}

/// A rule on the test bus that stands for one under test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorRule {
    /// Its name on the test bus, which templates insert for `aws.events.rule-name`.
    pub name: String,
    /// Which of the rules under test it stands for: its place among those that the layout was made of.
    pub rule: u16,
    /// The name of that rule, for reports.
    pub display_name: String,
    /// The pattern.
    pub pattern: String,
    /// Its targets, the receipt's last.
    pub targets: Vec<MirrorTarget>,
}

/// A target of a mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorTarget {
    /// Its id within the mirror.
    pub id: String,
    /// The id of the target that it stands for, for reports; none for a receipt.
    pub stands_for: Option<String>,
    /// What it is for.
    pub subject: Subject,
    /// The queue that it sends to.
    pub destination: Destination,
    /// How it shapes the event.
    pub input: MirrorInput,
    /// `SqsParameters.MessageGroupId`: comes back with the message.
    pub group: Option<String>,
}

/// What a target of a mirror is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// It stands for a target of the rule under test.
    Target {
        /// Its place among the rule's targets.
        target: u16,
        /// The number of the pair.
        pair: PairIndex,
    },
    /// It says that the mirror matched.
    Receipt,
}

impl Layout {
    /// Seconds after which a delivery that fails goes to the dead-letter queue, `MaximumEventAgeInSeconds` of all
    /// targets: the least that the service takes. With its default an event could be a day on its way.
    pub const EVENT_AGE_S_MAX: u32 = 60;

    /// `VisibilityTimeout` of all queues: how long a message stays hidden that was received and not deleted. Events are
    /// not given up before that is over where an answer of a queue was lost.
    pub const VISIBILITY_TIMEOUT: Duration = Duration::from_secs(30);

    /// Lays out `rules`.
    ///
    /// # Errors
    /// [`LayoutError::TooMany`].
    pub fn of(name: TestbedName, rules: &[CompiledRule]) -> Result<Layout, LayoutError> {
        Layout::sharing(name, rules, DELIVERY_QUEUES_MAX)
    }

    /// The same with another number of delivery queues at most, which is four at least: the targets of one mirror never
    /// share one.
    ///
    /// # Errors
    /// [`LayoutError::TooMany`].
    pub fn sharing(
        name: TestbedName,
        rules: &[CompiledRule],
        queues_max: usize,
    ) -> Result<Layout, LayoutError> {
        let queues_max = queues_max.max(SHAPED_MAX);
        let mut layout =
            Layout { name, mirrors: Vec::new(), pairs: Vec::new(), delivery_queues: narrow(queues_max) };
        let targets = rules.iter().map(|rule| rule.targets.len()).sum();
        // Each rule has one mirror, and one more for each four targets.
        for (what, found) in [("rules", rules.len() + targets / SHAPED_MAX), ("targets", targets)] {
            if found > NUMBERED_MAX {
                return Err(LayoutError::TooMany { what, found, most: NUMBERED_MAX });
            }
        }
        for (index, rule) in rules.iter().enumerate() {
            layout.mirror(narrow(index), rule);
        }
        layout.delivery_queues = narrow(layout.pairs.len().min(queues_max));
        Ok(layout)
    }

    /// The testbed's name.
    pub fn name(&self) -> &TestbedName {
        &self.name
    }

    /// The mirrors, in the order of the rules.
    pub fn mirrors(&self) -> &[MirrorRule] {
        &self.mirrors
    }

    /// Of each mirrored target, its mirror and its place among the targets of the mirror.
    pub fn pairs(&self) -> &[(MirrorIndex, u16)] {
        &self.pairs
    }

    /// The mirror of this number.
    pub fn mirror_at(&self, index: MirrorIndex) -> &MirrorRule {
        &self.mirrors[usize::from(index.0)]
    }

    /// The target of a pair.
    pub fn pair(&self, pair: PairIndex) -> (&MirrorRule, &MirrorTarget) {
        let (mirror, target) = self.pairs[usize::from(pair.0)];
        let mirror = self.mirror_at(mirror);
        (mirror, &mirror.targets[usize::from(target)])
    }

    /// All queues; the dead-letter queue first, since targets name it.
    pub fn destinations(&self) -> impl Iterator<Item = Destination> + use<> {
        let fixed = [Destination::DeadLetters, Destination::Seen, Destination::Receipts];
        fixed.into_iter().chain((0..self.delivery_queues).map(Destination::Deliveries))
    }

    /// The name of a queue.
    pub fn queue_name(&self, destination: Destination) -> String {
        format!("{}-{destination}", self.name)
    }

    /// The name of the rule that copies every event to [`Destination::Seen`]; its pattern is [`CATCH_ALL_PATTERN`], its
    /// only target has no input.
    pub fn catch_all_name(&self) -> &'static str {
        CATCH_ALL_NAME
    }

    /// 16 hexadecimal digits that are the same for the same rules: patterns, inputs, names and places of the mirrors.
    pub fn digest(&self) -> String {
        let mut hash = Xxh3::new();
        for mirror in &self.mirrors {
            hash.update(format!("{mirror:?}\n").as_bytes());
        }
        format!("{:016x}", hash.digest())
    }

    fn mirror(&mut self, index: u16, rule: &CompiledRule) {
        let targets = rule.rule.targets.iter().zip(&rule.targets).zip(0..);
        let shaped: Vec<(u16, Definition<'_>)> = targets
            .filter(|((_, compiled), _)| {
                compiled.input.as_ref().is_some_and(|input| *input != TargetInput::Nothing)
            })
            .map(|((written, _), target)| (target, written.known_definition().0))
            .collect();
        let mut parts = shaped.chunks(SHAPED_MAX);
        // A rule without a target that can be mirrored still matches.
        self.part(index, rule, parts.next().unwrap_or_default());
        parts.for_each(|part| self.part(index, rule, part));
    }

    fn part(&mut self, index: u16, rule: &CompiledRule, shaped: &[(u16, Definition<'_>)]) {
        let number = narrow(self.mirrors.len());
        let mut targets = Vec::new();
        for (target, definition) in shaped {
            let (place, pair) = (narrow(targets.len()), PairIndex(narrow(self.pairs.len())));
            let queue = pair.0 % self.delivery_queues;
            targets.push(MirrorTarget {
                id: format!("target-{target}"),
                stands_for: Some(definition.target_id.to_owned()),
                subject: Subject::Target { target: *target, pair },
                destination: Destination::Deliveries(queue),
                input: MirrorInput::of(definition),
                group: Some(format!("pair-{}", pair.0)),
            });
            self.pairs.push((MirrorIndex(number), place));
        }
        targets.push(receipt(number));
        self.mirrors.push(MirrorRule {
            name: mirror_name(number, rule.rule.name.as_str()),
            rule: index,
            display_name: rule.rule.display_name.to_string(),
            pattern: rule.rule.trigger.pattern().map(|text| text.json().to_owned()).unwrap_or_default(),
            targets,
        });
    }
}

impl PairIndex {
    /// The pair whose targets send with this message group.
    pub fn of_group(group: &str) -> Option<PairIndex> {
        group.strip_prefix("pair-")?.parse().ok().map(PairIndex)
    }
}

/// Counts are checked before.
fn narrow(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn receipt(mirror: u16) -> MirrorTarget {
    MirrorTarget {
        id: "receipt".to_owned(),
        stands_for: None,
        subject: Subject::Receipt,
        destination: Destination::Receipts,
        input: MirrorInput::Transformer {
            paths: vec![("id".to_owned(), "$.id".to_owned())],
            template: format!(r#"{{"mirror":{mirror},"event":<id>}}"#),
        },
        group: None,
    }
}

/// Labels may hold what names cannot.
fn mirror_name(number: u16, rule: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = rule.chars().map(allowed).collect();
    format!("rp-{number:03}-{name}").chars().take(RULE_NAME_LEN_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::compile;
    use crate::pattern::Limits;
    use crate::rules::{LoadedRules, Parameters, load};

    fn layout(targets: &[usize]) -> Layout {
        let folder = tempfile::tempdir().unwrap();
        for (number, targets) in targets.iter().enumerate() {
            let targets: Vec<String> = (0..*targets)
                .map(|target| format!(r#"{{"Id":"t{target}","Arn":"arn:aws:sqs:eu-west-1:1:q"}}"#))
                .collect();
            let rule = format!(
                r#"{{"Name":"rule-{number}","EventPattern":{{"source":["a"]}},"Targets":[{}]}}"#,
                targets.join(",")
            );
            std::fs::write(folder.path().join(format!("rule-{number:03}.json")), rule).unwrap();
        }
        let loaded: LoadedRules = load(&[folder.path().display().to_string()], &Parameters::default());
        let compiled = compile(loaded, &Limits::service());
        assert!(!compiled.has_errors(), "{:?}", compiled.findings);
        Layout::of(TestbedName::parse("bed").unwrap(), &compiled.rules).unwrap()
    }

    #[test]
    fn a_rule_with_five_targets_has_a_second_mirror() {
        let layout = layout(&[0, 1, 5]);
        let sizes: Vec<(u16, usize)> =
            layout.mirrors().iter().map(|mirror| (mirror.rule, mirror.targets.len())).collect();
        assert_eq!(sizes, [(0, 1), (1, 2), (2, 5), (2, 2)]);
        for mirror in layout.mirrors() {
            assert_eq!(mirror.targets.last().map(|target| target.subject), Some(Subject::Receipt));
        }
        let queues: Vec<String> = layout.destinations().map(|queue| layout.queue_name(queue)).collect();
        assert_eq!(queues.len(), 3 + 6);
        assert_eq!((queues[0].as_str(), queues[8].as_str()), ("bed-dead-letters", "bed-deliveries-05"));
    }

    #[test]
    fn the_targets_of_one_mirror_have_queues_of_their_own_however_many_share_them() {
        let layout = layout(&[3; 40]);
        assert_eq!(layout.destinations().count(), 3 + DELIVERY_QUEUES_MAX);
        for mirror in layout.mirrors() {
            let mut queues: Vec<_> = mirror.targets.iter().map(|target| target.destination).collect();
            queues.sort();
            queues.dedup();
            assert_eq!(queues.len(), 4, "{}", mirror.name);
        }
    }

    #[test]
    fn a_message_group_names_its_pair() {
        let layout = layout(&[1, 5]);
        for (index, _) in layout.pairs().iter().enumerate() {
            let pair = PairIndex(index as u16);
            let (_, target) = layout.pair(pair);
            assert_eq!(target.group.as_deref().and_then(PairIndex::of_group), Some(pair));
            assert!(matches!(target.subject, Subject::Target { pair: own, .. } if own == pair));
        }
        assert_eq!(PairIndex::of_group("somebody else's"), None);
    }

    #[test]
    fn the_digest_tells_rules_apart() {
        assert_eq!(layout(&[1, 2]).digest(), layout(&[1, 2]).digest());
        assert_ne!(layout(&[1, 2]).digest(), layout(&[2, 1]).digest());
    }
}
