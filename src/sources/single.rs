//! The only event of a source, for commands that look at one.

use super::{Batch, EventSource, Item, Progress, SourceLimits};

/// Why a source does not give exactly one event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OnlyEventError {
    /// Something in it cannot be read.
    #[error("{input}:{line}: {problem}")]
    Broken {
        /// The name of the input.
        input: String,
        /// The line.
        line: u64,
        /// What is wrong.
        problem: String,
    },
    /// It has more than one.
    #[error("{input}:{line}: a second event; give one")]
    Second {
        /// The name of the input.
        input: String,
        /// The line of the second one.
        line: u64,
    },
    /// It has none.
    #[error("{name} holds no event")]
    None {
        /// What was asked for.
        name: String,
    },
}

/// The only event of `source`, which was asked for as `name`.
///
/// # Errors
/// It has none or several, or something in it cannot be read.
pub fn only_event(
    source: &mut impl EventSource,
    name: &str,
    limits: &SourceLimits,
) -> Result<Vec<u8>, OnlyEventError> {
    let mut batch = Batch::with_limits(limits);
    let mut found: Option<Vec<u8>> = None;
    loop {
        let progress = source.next_batch(&mut batch);
        for item in batch.items() {
            let origin = item.origin();
            let (input, line) = (|| source.input_name(origin.input).to_owned(), origin.line);
            match item {
                Item::Event { bytes, .. } if found.is_none() => found = Some(batch.event(bytes).to_vec()),
                Item::Event { .. } => return Err(OnlyEventError::Second { input: input(), line }),
                Item::Broken { problem, .. } => {
                    let problem = problem.to_string();
                    return Err(OnlyEventError::Broken { input: input(), line, problem });
                }
                Item::Skipped { .. } => {}
            }
        }
        if progress == Progress::Done {
            return found.ok_or_else(|| OnlyEventError::None { name: name.to_owned() });
        }
    }
}
