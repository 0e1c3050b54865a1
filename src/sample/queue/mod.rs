//! Events that wait in a queue of SQS, which a sampling rule fills.
//!
//! A message is deleted only after what it holds is recorded. Until then it is kept from coming again by extending its
//! visibility; whatever goes wrong, the process included, leaves it in the queue. So it may come again although it was
//! recorded: then it is recognised by its id and deleted, and not judged a second time.
//!
//! What can never be judged (it cannot be read, it is too large, it came too often) is set aside and deleted, so that it
//! is not received for ever.
//!
//! Everything here waits on tokio's time and calls a [`WorkQueue`], so that tests run it against a simulated queue in
//! virtual time.

mod drain;
mod events;
mod port;
mod seen;
mod set_aside;
mod shift;
mod work;

pub use drain::{
    Deleting, DrainEnd, DrainEnds, DrainPlace, DrainPlaceError, DrainSettings, Drained, drain, joined_feed,
    joined_parts,
};
pub use events::{Acknowledge, QueueEvents, WorkEnds, joined};
pub use port::{Received, WorkQueue};
pub use seen::SeenIds;
pub use set_aside::{Reason, SetAside, SetAsideSink};
pub use shift::{QueueCounts, Shift, WorkSettings};
pub use work::{Delivery, WorkFailure, sqs_calls, work};
