//! The number of a field, by which all tables of the matcher know it.

/// A field that some rule tests, numbered from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FieldId(pub(super) u32);
