//! What is kept of the events that show a difference.

/// Whether contents of events may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventContents {
    /// Ids and places only.
    Hidden,
    /// As they are.
    Shown,
}

/// How many examples are kept of each difference, and what of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keeping {
    examples_max: usize,
    contents: EventContents,
}

impl Keeping {
    /// For showing so many; one is kept for the explanation in any case.
    pub(crate) fn new(examples_max: usize, contents: EventContents) -> Keeping {
        Keeping { examples_max: examples_max.max(1), contents }
    }

    /// Nothing but counts.
    pub(super) fn none(self) -> Keeping {
        Keeping { examples_max: 0, ..self }
    }

    /// Whether there is room for one more.
    pub(super) fn has_room(self, kept: usize) -> bool {
        kept < self.examples_max
    }

    /// Whether the text of the next one is of use: the first is explained, others are at most shown.
    pub(super) fn keeps_text(self, kept: usize) -> bool {
        kept == 0 || self.contents == EventContents::Shown
    }
}
