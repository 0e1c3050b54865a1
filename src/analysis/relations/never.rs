//! Patterns that match no event.

use std::sync::Arc;

use super::domain::{Domain, ENVELOPE_FIELDS, EventShape};
use super::leaves::{Found, Question};
use super::tests::TestList;
use crate::pattern::{Alternative, Condition, FieldPath, FieldTests, Pattern, Profile, nearest};

/// A condition that no event meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impossible {
    /// Its field.
    pub path: Arc<FieldPath>,
    /// Its tests.
    pub tests: Arc<FieldTests>,
    /// Why no event meets it.
    pub reason: ImpossibleReason,
}

/// Why no event meets a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImpossibleReason {
    /// No value at all passes the tests.
    NoValue,
    /// The field is always there.
    AlwaysThere,
    /// The field is always text, and no text passes the tests.
    TextOnly,
    /// The field always looks like this, and nothing that does passes the tests.
    Format {
        /// How it looks.
        looks: &'static str,
    },
    /// `detail` is an object, which is neither a value nor absent.
    Object,
    /// The field above is text, so there is nothing below it.
    BelowText {
        /// The field above.
        above: String,
    },
    /// Events have no such field at their top.
    UnknownField {
        /// One that they have, with a similar name.
        nearest: Option<&'static str>,
    },
}

/// Why `pattern` certainly matches no event: of each of its alternatives, a condition that no event meets. `None` if
/// it may match one.
pub fn why_never(pattern: &Pattern, shape: EventShape, profile: Profile) -> Option<Vec<Impossible>> {
    pattern.alternatives().iter().map(|alternative| why_never_met(alternative, shape, profile)).collect()
}

/// A condition of `alternative` that certainly no event meets.
pub(super) fn why_never_met(
    alternative: &Alternative,
    shape: EventShape,
    profile: Profile,
) -> Option<Impossible> {
    alternative.conditions.iter().find_map(|condition| why_impossible(condition, shape, profile))
}

fn why_impossible(condition: &Condition, shape: EventShape, profile: Profile) -> Option<Impossible> {
    let domain = shape.domain(&condition.path);
    if condition.tests.accepts_absence() && !domain.is_always_there() {
        return None;
    }
    let tests = TestList::of(&condition.tests);
    let question = |domain| Question { all: vec![&tests], none: Vec::new(), domain, profile };
    if question(domain).answer() != Found::Nothing {
        return None;
    }
    let reason = match domain {
        Domain::NoLeaf => why_no_leaf(&condition.path),
        _ if condition.tests.tests.iter().all(|placed| placed.test == crate::pattern::FieldTest::Absent) => {
            ImpossibleReason::AlwaysThere
        }
        _ if question(Domain::Anything).answer() == Found::Nothing => ImpossibleReason::NoValue,
        Domain::Text(format) if question(Domain::MaybeText).answer() != Found::Nothing => {
            ImpossibleReason::Format { looks: format.description() }
        }
        _ => ImpossibleReason::TextOnly,
    };
    Some(Impossible { path: Arc::clone(&condition.path), tests: Arc::clone(&condition.tests), reason })
}

fn why_no_leaf(path: &FieldPath) -> ImpossibleReason {
    let first = path.steps().next().unwrap_or_default();
    let first = String::from_utf8_lossy(first).into_owned();
    match ENVELOPE_FIELDS.contains(&first.as_str()) {
        true if first == "detail" => ImpossibleReason::Object,
        true => ImpossibleReason::BelowText { above: first },
        false => ImpossibleReason::UnknownField { nearest: similar_field(&first) },
    }
}

/// The field of the envelope that somebody meant who wrote `name`.
pub fn similar_field(name: &str) -> Option<&'static str> {
    let plain = |name: &str| name.replace(['_', '-'], "").to_lowercase();
    ENVELOPE_FIELDS
        .into_iter()
        .find(|known| plain(known) == plain(name))
        .or_else(|| nearest(name, &ENVELOPE_FIELDS))
}
