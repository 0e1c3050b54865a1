//! Targets on their way to the rule that another file holds.

use super::{SourcePlace, Target};

/// Targets and the rule that they belong to.
#[derive(Debug)]
pub(super) struct TargetList {
    pub(super) rule: String,
    /// Any bus if not given.
    pub(super) bus: Option<String>,
    pub(super) targets: Vec<Target>,
    pub(super) place: SourcePlace,
}
