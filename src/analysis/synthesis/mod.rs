//! Makes events from patterns.
//!
//! An event is looked for as an *assignment*: for each field path one value, or its absence. Arrays need not
//! be searched, since whatever a pattern accepts in an array it accepts as a lone value too; they are used
//! only where a path is to hold a value and further fields below it.
//!
//! `values` proposes values for a field from the tests on it, boundaries included. `search` chooses among
//! them so that one conjunction of conditions holds and, where asked, no conjunction of another pattern does.
//! `layout` writes the assignment as an event with a complete envelope. The matcher has the last word.

mod addresses;
mod assignment;
mod events;
mod layout;
mod numbers;
mod search;
mod texts;
mod times;
mod values;

pub use events::{common_event, event_for_alternative, matching_event, refused_event, separating_event};
pub(super) use layout::nested;
pub(super) use numbers::neighbours;
pub(super) use texts::{flipped, without_first, without_last};
pub(super) use values::values_at;
pub use values::{NearValues, near_values};
