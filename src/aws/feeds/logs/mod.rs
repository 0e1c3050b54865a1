//! The events of a log group, in the order of their times.
//!
//! A page of FilterLogEvents may be empty with more behind it, its token is worth nothing the next day, and nothing
//! promises that pages follow each other in time. So events are asked for in slices of time that fit into memory, each
//! with all its pages, and put in order: then an event's time and id say all that comes before, and a run goes on there
//! whenever it likes. What arrives late, with a time that was passed, is missed, as by a run that nobody interrupted.
//!
//! Each event is an input of its own, called `logs://group/stream/event-id`.

mod feed;
mod group;
mod slices;

pub(super) use feed::open;
