//! What is known of the events in flight: small facts in memory, so that tens of thousands fit; every text is in the
//! store.
//!
//! The ledger answers two questions. *Of which event is this message?* ([`Ledger::attribute`]) and *which events have to
//! be looked at now?* ([`Ledger::take_due`]). It does neither IO nor waiting, and it decides no verdict: those are made
//! of durable records ([`super::judging`]). The one exception is the ordinary case, in which everything arrived as
//! foreseen and its records are durable: such an event is delivered, and no text need be read again.
//!
//! # Of which event a message is
//! 1. Its trace header names the event. So on AWS every message is attributed, however its body is shaped or broken.
//!
//! Stand-ins for AWS hand no trace header on. Then:
//!
//! 2. The catch-all's copy and the receipt hold the event's id, which `PutEvents` answered. Where that answer was lost,
//!    a copy is linked to an event of equal content that lacks one; such events are interchangeable.
//! 3. A body is looked up among the bodies that are foreseen for its target, of the event *as seen*. Events for which the
//!    same body is foreseen are interchangeable.
//! 4. What fits nothing is *parked*: durable, and tried again when another event is seen. When an event's time is over, a
//!    parked body goes to it if the mirror matched it, nothing arrived, and no other event may still claim the body
//!    (`leftovers`): that is a guess, and the verdict says so.
//!
//! # First write, then believe
//! A fact counts once its record is durable ([`Ledger::recorded`]); until then the event is not judged.

mod attribute;
mod due;
mod fact;
mod flight;
mod index;
mod leftovers;
mod parked;
mod table;

pub(super) use attribute::{Attributed, Late};
pub(super) use due::{Arrived, Due};
pub(super) use fact::{About, Fact};
pub(super) use flight::{Accepted, Origin};
pub(super) use leftovers::Leftover;
pub(super) use parked::Parked;
pub(super) use table::{Ledger, LedgerOptions};
