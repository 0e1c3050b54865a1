//! `live://REGION/BUS` as a source of rules, for every command.

mod buses;
mod failure;

pub(super) use buses::LiveBuses;
pub(super) use failure::failure_noted;
#[cfg(feature = "aws")]
pub(super) use failure::note_failure;
