//! The ways to damage a pattern, by name.

use std::fmt;

/// The ways to damage a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MutantKind {
    /// A field is no longer tested.
    ConditionDropped,
    /// One value of a field's list is gone.
    AlternativeDropped,
    /// One branch of an `$or` is gone.
    BranchDropped,
    /// A numeric bound is one unit of its last decimal lower or higher.
    BoundMoved,
    /// `<` is `<=`, or the other way round.
    BoundInclusionSwapped,
    /// A prefix has one character less.
    PrefixShortened,
    /// A suffix has one character less.
    SuffixShortened,
    /// Case no longer matters.
    CaseIgnored,
    /// Case matters now.
    CaseRespected,
    /// A letter has the other case.
    CaseFlipped,
    /// `exists` asks for the opposite.
    ExistsFlipped,
    /// `anything-but` excludes one value less, or nothing.
    ExclusionDropped,
    /// A `*` of a wildcard is gone.
    StarDropped,
    /// A `*` of a wildcard changed places with its neighbour.
    StarMoved,
    /// A wildcard has one character less beside a `*`.
    WildcardShortened,
    /// A range of addresses has one mask bit less.
    RangeWidened,
}

impl MutantKind {
    /// A stable name, for reports that machines read.
    pub fn as_str(self) -> &'static str {
        match self {
            MutantKind::ConditionDropped => "condition-dropped",
            MutantKind::AlternativeDropped => "alternative-dropped",
            MutantKind::BranchDropped => "branch-dropped",
            MutantKind::BoundMoved => "bound-moved",
            MutantKind::BoundInclusionSwapped => "bound-inclusion-swapped",
            MutantKind::PrefixShortened => "prefix-shortened",
            MutantKind::SuffixShortened => "suffix-shortened",
            MutantKind::CaseIgnored => "case-ignored",
            MutantKind::CaseRespected => "case-respected",
            MutantKind::CaseFlipped => "case-flipped",
            MutantKind::ExistsFlipped => "exists-flipped",
            MutantKind::ExclusionDropped => "exclusion-dropped",
            MutantKind::StarDropped => "star-dropped",
            MutantKind::StarMoved => "star-moved",
            MutantKind::WildcardShortened => "wildcard-shortened",
            MutantKind::RangeWidened => "range-widened",
        }
    }
}

impl fmt::Display for MutantKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
