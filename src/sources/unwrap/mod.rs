//! Finds the events in documents that hold them as strings, as base64, or not quite as events.
//!
//! Only whole documents and whole elements of lists come here; they are bounded in size, so plain code that
//! copies will do. What is not recognised is an event itself, and the matcher says what is wrong with it: a
//! custom event may look like anything. Inside a wrapper's list that is different: an element without the
//! expected field is reported.
//!
//! Texts are opened again and again (an SNS envelope in an SQS body, a subscription document in a Kinesis
//! record), up to a small number of levels, and all that is decompressed for one element of the input together
//! stays under the limit of one event.

mod classify;
mod cloudtrail;
mod entry;
mod envelope;
mod opener;
mod time;

pub(super) use classify::is_control_message;
pub(super) use opener::{Held, Opener, Whole};

pub use envelope::{ACCOUNT_DEFAULT, REGION_DEFAULT, TIME_DEFAULT};
