//! Which item of which input comes next.

use super::{Again, Batch, Position, Progress};

/// How far reading is, in terms that outlast the program.
#[derive(Debug)]
pub(super) struct Reading {
    at: Position,
    again: Again,
    has_begun: bool,
    /// Where in the batch the items of the input begin.
    batch_start: usize,
    /// Items of the first input that an earlier run has handed on.
    passed_over: u64,
    /// How many of them are in the batch.
    in_batch: usize,
    /// The input can be read once only, and has ended.
    ends_batch: bool,
}

impl Default for Reading {
    fn default() -> Reading {
        Reading::from(&Position::default())
    }
}

impl Reading {
    /// On from where an earlier run was.
    pub(super) fn from(position: &Position) -> Reading {
        Reading {
            at: Position { items: 0, ..position.clone() },
            again: Again::Always,
            has_begun: false,
            batch_start: 0,
            passed_over: position.items,
            in_batch: 0,
            ends_batch: false,
        }
    }

    /// An input begins behind `found` items of the batch.
    pub(super) fn begin(&mut self, input: u32, place: Option<String>, again: Again, found: usize) {
        if self.has_begun {
            self.count(found);
            self.passed_over = 0;
        }
        self.has_begun = true;
        self.at = Position { input, place, items: 0 };
        self.again = again;
        self.batch_start = found;
    }

    /// The batch has so many items, the last ones of this input.
    fn count(&mut self, found: usize) {
        let items = found.saturating_sub(self.batch_start);
        self.at.items += items as u64;
        let over = usize::try_from(self.passed_over).unwrap_or(usize::MAX).min(items);
        self.passed_over -= over as u64;
        self.in_batch += over;
        self.batch_start = 0;
    }

    pub(super) fn end_input(&mut self) {
        self.ends_batch = self.again == Again::Never;
    }

    /// Whether nothing may follow in this batch.
    pub(super) fn ends_batch(&self) -> bool {
        self.ends_batch
    }

    /// Notes in a batch, whose items are complete, where reading goes on behind it, and takes out what an earlier run
    /// has handed on.
    pub(super) fn end_batch(&mut self, batch: &mut Batch, inside: bool, progress: Progress) {
        self.count(batch.items().len());
        batch.leave_out(std::mem::take(&mut self.in_batch));
        if self.again == Again::Never {
            batch.set_indivisible();
        }
        batch.set_position(match (progress, self.again) {
            (Progress::Done, _) => Some(Position::END),
            // Still before where the earlier run was.
            _ if self.passed_over > 0 => None,
            (Progress::More, Again::Always) => Some(self.at.clone()),
            (Progress::More, Again::Never) if inside => None,
            (Progress::More, Again::Never) => Some(Position { items: 0, ..self.at.clone() }),
        });
        self.ends_batch = false;
    }
}
