//! The smallest change of an event that flips a verdict.
//!
//! From a miss to a match, each alternative of the pattern is planned against the event: what is wrong is changed
//! to the nearest accepted value where it stands, what is missing is added beside what is there, and where an
//! array offers several elements, the one that needs least is mended as a whole. From a match to a miss, values
//! are changed to the nearest refused ones, one operation at a time, until no alternative matches.
//!
//! Plans are made from what the tests say alone; each is then applied and put to the matcher, and only what
//! it confirms is returned. Operations are those of JSON Patch (RFC 6902).

mod breaking;
mod distance;
mod flip;
mod nearby;
mod operation;
mod planning;

pub use flip::{NoRepair, Repair, repair};
pub use operation::Operation;
