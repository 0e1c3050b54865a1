//! What there is of both sets of rules.

/// The old one, the new one.
pub(super) type Sides<T> = [T; 2];

/// A place in [`Sides`].
pub(super) const OLD: usize = 0;
pub(super) const NEW: usize = 1;
