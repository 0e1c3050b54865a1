//! Places in a pattern's text.

use std::ops::Range;

/// Bytes of the pattern's text.
pub type Span = Range<u32>;

/// Spans are kept small; a pattern beyond 4 GiB has other problems.
pub(super) fn to_span(range: &Range<usize>) -> Span {
    let small = |at| u32::try_from(at).unwrap_or(u32::MAX);
    small(range.start)..small(range.end)
}
