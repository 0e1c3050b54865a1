//! Examples of events that may be shown: one of each shape, with pseudonyms for what is nobody's business.
//!
//! # Shapes
//! Two events have the same [`Shape`] if they have the same fields with the same kinds of values. Elements of arrays
//! count as one, so a list of two items is no other shape than a list of three.
//!
//! # What stays and what does not
//! A [`Redactor`] replaces each text and each number by a pseudonym, but for those that a condition of a rule compares
//! with something: what becomes of the event must stay the same. A condition that only asks whether a field exists does
//! not count; a pseudonym is there too. Booleans and nulls stay, as do those fields of the envelope that say what kind of
//! event it is and from where, not what is in it ([`KEPT`]). Rules for fields ([`FieldRule`]) win over all that. Names
//! of members are never replaced: without them there is no shape.
//!
//! # Pseudonyms
//! A pseudonym is made from a keyed hash (HMAC-SHA-256) of the value: without the key nobody finds out by trying which
//! value it stands for, and the same value has the same pseudonym everywhere. It is of the same kind, as long, and looks
//! alike: letters stand for letters, digits for digits, and what joins them stays, so that an id, an address or a time
//! is still recognised as one.

mod looked_at;
mod pseudonym;
mod redact;
mod rules;
mod shape;

pub use looked_at::LookedAt;
pub use pseudonym::PseudonymKey;
pub use redact::{KEPT, Redactor};
pub use rules::{FieldRule, FieldRuleError, Treatment};
pub use shape::Shape;
