//! The verdict on one event: delivered, unmatched or errored, always with a reason.
//!
//! An event is delivered if every target of every rule that it matches gets a valid body, and errored if one does
//! not: the worst of its rules counts. Bodies are rendered only for rules that match, and only where an event can
//! break them, unless somebody wants to see them ([`Bodies`]).

mod code;
mod judge;
mod rule_set;

pub use code::{AnyCode, Code};
pub use judge::{
    Bodies, Delivery, Errored, EventError, JudgeScratch, Judged, Matches, TargetFailure, Verdict, judge,
    judge_as_matched,
};
pub use rule_set::{RuleSet, RuleTarget, RuleWithTargets, TargetIndex, UNKNOWN_INGESTION_TIME};
