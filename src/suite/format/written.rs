//! A test file as it was written: nothing looked up yet, every name with its place.

use super::measure::Measure;
use super::pointer::Pointer;
use super::reader::Placed;
use crate::document::Node;
use crate::json::Place;
use crate::pattern::Limits;
use crate::verdict::Code;

/// A test file.
#[derive(Debug, Clone)]
pub struct WrittenSuite {
    /// Sources of rules, relative to the file.
    pub rules: Vec<Placed<String>>,
    /// Where these stand.
    pub rules_place: Place,
    /// Values for what the rules leave open.
    pub parameters: Vec<(String, String)>,
    /// Whose limits patterns are held to.
    pub limits: LimitsOf,
    /// Events that tests refer to.
    pub fixtures: Vec<Fixture>,
    /// In written order.
    pub tests: Vec<WrittenTest>,
}

/// Whose limits patterns are held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LimitsOf {
    /// Amazon EventBridge.
    #[default]
    Service,
    /// event-ruler, the engine behind it.
    Engine,
}

impl LimitsOf {
    /// The limits.
    pub fn limits(self) -> Limits {
        match self {
            LimitsOf::Service => Limits::service(),
            LimitsOf::Engine => Limits::engine(),
        }
    }
}

/// A named event.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// Its name.
    pub name: Placed<String>,
    /// The event.
    pub event: WrittenEvent,
}

/// An event as it was written.
#[derive(Debug, Clone)]
pub enum WrittenEvent {
    /// In place; what its envelope lacks is filled in.
    Inline(Node),
    /// The only event of a file, taken as it is.
    File(Placed<String>),
}

/// Which event a test begins with.
#[derive(Debug, Clone)]
pub enum EventRef {
    /// A fixture, by its number.
    Fixture(usize),
    /// One of its own.
    Own(WrittenEvent),
}

/// A test.
#[derive(Debug, Clone)]
pub struct WrittenTest {
    /// Its name.
    pub name: Placed<String>,
    /// What it can be selected by, besides its name.
    pub tags: Vec<String>,
    /// Why it is not to run, if it is not.
    pub skip: Option<String>,
    /// What it looks at.
    pub subject: Subject,
}

/// What a test looks at.
#[derive(Debug, Clone)]
pub enum Subject {
    /// One event and its variations.
    Event {
        /// What it begins with.
        event: EventRef,
        /// One case, or one per row of the matrix.
        cases: Vec<WrittenCase>,
    },
    /// Many recorded events.
    Corpus {
        /// Where they are, relative to the file.
        events: Vec<Placed<String>>,
        /// What is expected of all of them.
        expect: CorpusExpectation<Placed<String>>,
    },
}

/// One event that is judged.
#[derive(Debug, Clone)]
pub struct WrittenCase {
    /// What tells it from the other rows, if there are any.
    pub row: Option<String>,
    /// Where it is written.
    pub place: Place,
    /// How the event is changed, in this order.
    pub edits: Vec<Edit>,
    /// What is expected.
    pub expect: Expectation<Placed<String>, Placed<String>, WrittenBody>,
}

impl WrittenCase {
    /// What reports call the case, which belongs to the test `test`.
    pub fn name_in(&self, test: &str) -> String {
        match &self.row {
            Some(row) => format!("{test}: {row}"),
            None => test.to_owned(),
        }
    }
}

/// A change of an event.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Puts a value somewhere.
    Set(Placed<Pointer>, Node),
    /// Takes a value away.
    Unset(Placed<Pointer>),
}

/// What is expected of one event. `R` names rules, `T` targets, `B` is what bodies are compared with.
#[derive(Debug, Clone)]
pub struct Expectation<R, T, B> {
    /// Which rules match.
    pub rules: RulesExpected<R>,
    /// Rules that do not match, each because of one field alone.
    pub because: Vec<Miss<R>>,
    /// What becomes of the event.
    pub verdict: VerdictExpected,
    /// What targets get.
    pub bodies: Vec<BodyExpected<R, T, B>>,
}

/// Which rules are expected to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RulesExpected<R> {
    /// These and no others.
    Exactly(Vec<R>),
    /// At least some, and some never.
    Among {
        /// Those that do.
        at_least: Vec<R>,
        /// Those that do not.
        never: Vec<R>,
    },
}

/// A rule that is expected not to match, and why.
#[derive(Debug, Clone)]
pub struct Miss<R> {
    /// The rule.
    pub rule: R,
    /// The field of the only condition that does not hold.
    pub path: Pointer,
    /// What stands there.
    pub found: FoundExpected,
}

/// What is expected to stand in the field that a rule is missed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundExpected {
    /// Whatever it is.
    Anything,
    /// Nothing: the field is missing.
    Nothing,
    /// This JSON text.
    Value(String),
}

/// What is expected to become of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerdictExpected {
    /// Not said; still, it must not be errored.
    NotErrored,
    /// Some rule matches and all targets get it.
    Delivered,
    /// No rule matches.
    Unmatched,
    /// It cannot be judged, or a target does not get it; with this code, if one is given.
    Errored(Option<Code>),
}

/// What a target is expected to get.
#[derive(Debug, Clone)]
pub struct BodyExpected<R, T, B> {
    /// The rule, which has to match.
    pub rule: R,
    /// Its target.
    pub target: T,
    /// The body.
    pub body: B,
}

/// A body as it was written.
#[derive(Debug, Clone)]
pub enum WrittenBody {
    /// This JSON value, whatever its layout.
    Json(Node),
    /// Exactly this text.
    Text(String),
    /// What a file holds.
    File(Placed<String>),
    /// What was recorded.
    Snapshot,
}

/// What is expected of many events.
#[derive(Debug, Clone)]
pub struct CorpusExpectation<R> {
    /// How many events rules match.
    pub rules: Vec<(R, Amount)>,
    /// Whether a rule that is not listed may match.
    pub others: OtherRules,
    /// How many events are errored; none if it is not said.
    pub errored: Option<Amount>,
}

/// Whether a rule that is not listed may match events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherRules {
    /// It may.
    Allowed,
    /// It may not.
    Refused,
}

/// How many events; both have to hold if both are given.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// Their number.
    pub count: Option<Measure>,
    /// Their share of all events.
    pub rate: Option<Measure>,
}
