//! `live://REGION/BUS` as a source of rules, for every command.

mod buses;

pub(super) use buses::LiveBuses;
