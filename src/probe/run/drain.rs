//! Until when the queues are known to be empty.
//!
//! A deadline says how long AWS may take. It says nothing if *we* could not look: while a queue cannot be reached, or has
//! more messages than its receivers have read, a message may wait there that decides an event. So an event's time is over
//! only when each queue has been found empty after the event's deadline, by all of its receivers, and nobody else can
//! still hold a message of it: what a lost answer had, or a process that was killed, stays hidden until its visibility
//! timeout is over.

use std::collections::BTreeMap;

use crate::probe::moment::Moment;
use crate::probe::{Destination, Layout};

/// A receiver of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ReceiverId(u64);

/// Whether an answer was all that a queue had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    /// As many messages as fit: there may be more.
    Full,
    /// Fewer than that.
    NotFull,
}

#[derive(Debug, Default)]
struct QueueDrain {
    /// Of each receiver, when it found the queue empty last.
    receivers: BTreeMap<ReceiverId, Moment>,
    /// Messages may be hidden until then.
    hidden_until: Moment,
    /// Everything that was in the queue by then is written down, whatever is lost later: a receiver that loses messages
    /// has not found the queue empty since it asked for them, and what all have found is not later than that.
    settled: Moment,
}

impl QueueDrain {
    fn settle(&mut self) {
        let found = self.receivers.values().min().copied().unwrap_or_default();
        self.settled = self.settled.max(found);
    }
}

/// What is known of all queues.
#[derive(Debug)]
pub(super) struct Drains {
    queues: BTreeMap<Destination, QueueDrain>,
    next: u64,
}

impl Drains {
    /// Queues of which messages may be hidden until `hidden_until`.
    pub(super) fn new(queues: impl Iterator<Item = Destination>, hidden_until: Moment) -> Drains {
        let fresh = || QueueDrain { hidden_until, ..QueueDrain::default() };
        Drains { queues: queues.map(|queue| (queue, fresh())).collect(), next: 0 }
    }

    /// A queue has another receiver.
    pub(super) fn started(&mut self, queue: Destination) -> ReceiverId {
        let id = ReceiverId(self.next);
        self.next += 1;
        self.queues.entry(queue).or_default().receivers.insert(id, Moment::default());
        id
    }

    /// What a receiver was answered at `at` is written down.
    pub(super) fn answered(
        &mut self,
        queue: Destination,
        receiver: ReceiverId,
        at: Moment,
        answered: Answered,
    ) {
        let drain = self.queues.entry(queue).or_default();
        if answered == Answered::NotFull && at >= drain.hidden_until {
            drain.receivers.insert(receiver, at);
            drain.settle();
        }
    }

    /// A receiver has ended; what it received is written down.
    pub(super) fn ended(&mut self, queue: Destination, receiver: ReceiverId) {
        let drain = self.queues.entry(queue).or_default();
        drain.receivers.remove(&receiver);
        drain.settle();
    }

    /// Messages of a queue were handed out between `since` and `at`, and nobody has them. Who found the queue empty since
    /// then did not see them, and has to find it empty anew. What was settled before stays so: else queues that lose
    /// answers now and then would all have to be without a loss at the same moment, which many never are.
    pub(super) fn lost(&mut self, queue: Destination, since: Moment, at: Moment) {
        let drain = self.queues.entry(queue).or_default();
        for found in drain.receivers.values_mut().filter(|found| **found >= since) {
            *found = Moment::default();
        }
        drain.hidden_until = drain.hidden_until.max(at + Layout::VISIBILITY_TIMEOUT);
    }

    /// Everything that was in the queues by then has been written down.
    pub(super) fn until(&self) -> Moment {
        self.queues.values().map(|drain| drain.settled).min().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(seconds: u64) -> Moment {
        Moment::default() + Duration::from_secs(seconds)
    }

    #[test]
    fn the_slowest_receiver_of_the_slowest_queue_counts() {
        let queues = [Destination::Seen, Destination::Receipts];
        let mut drains = Drains::new(queues.into_iter(), Moment::default());
        let seen = drains.started(Destination::Seen);
        let receipts = [(); 2].map(|()| drains.started(Destination::Receipts));
        drains.answered(Destination::Seen, seen, at(9), Answered::NotFull);
        drains.answered(Destination::Receipts, receipts[0], at(8), Answered::NotFull);
        assert_eq!(drains.until(), at(0), "one receiver has not answered");
        drains.answered(Destination::Receipts, receipts[1], at(7), Answered::NotFull);
        assert_eq!(drains.until(), at(7));
        drains.answered(Destination::Receipts, receipts[1], at(20), Answered::Full);
        assert_eq!(drains.until(), at(7), "there may be more");
        drains.ended(Destination::Receipts, receipts[1]);
        assert_eq!(drains.until(), at(8));
    }

    #[test]
    fn what_a_lost_answer_had_is_waited_for() {
        let mut drains = Drains::new([Destination::Seen].into_iter(), at(30));
        let receiver = drains.started(Destination::Seen);
        drains.answered(Destination::Seen, receiver, at(29), Answered::NotFull);
        assert_eq!(drains.until(), at(0));
        drains.answered(Destination::Seen, receiver, at(31), Answered::NotFull);
        drains.lost(Destination::Seen, at(32), at(32));
        drains.answered(Destination::Seen, receiver, at(61), Answered::NotFull);
        assert_eq!(drains.until(), at(31));
        drains.answered(Destination::Seen, receiver, at(62), Answered::NotFull);
        assert_eq!(drains.until(), at(62));
    }

    #[test]
    fn what_others_found_while_a_receiver_held_messages_does_not_count() {
        let mut drains = Drains::new([Destination::Seen].into_iter(), Moment::default());
        let [quiet, losing] = [(); 2].map(|()| drains.started(Destination::Seen));
        drains.answered(Destination::Seen, quiet, at(25), Answered::NotFull);
        drains.lost(Destination::Seen, at(14), at(26));
        drains.ended(Destination::Seen, losing);
        assert_eq!(drains.until(), at(0));
        drains.answered(Destination::Seen, quiet, at(56), Answered::NotFull);
        assert_eq!(drains.until(), at(56));
    }

    #[test]
    fn what_all_had_found_before_an_answer_was_asked_for_stays_settled() {
        let queues = [Destination::Seen, Destination::Receipts];
        let mut drains = Drains::new(queues.into_iter(), Moment::default());
        let [seen, receipts] = queues.map(|queue| drains.started(queue));
        drains.answered(Destination::Seen, seen, at(12), Answered::NotFull);
        drains.lost(Destination::Receipts, at(5), at(17));
        drains.lost(Destination::Seen, at(12), at(24));
        drains.answered(Destination::Receipts, receipts, at(47), Answered::NotFull);
        assert_eq!(drains.until(), at(12), "never were both without a loss at the same moment");
        let joining = drains.started(Destination::Seen);
        drains.answered(Destination::Seen, seen, at(54), Answered::NotFull);
        assert_eq!(drains.until(), at(12), "one receiver has not answered");
        drains.ended(Destination::Seen, joining);
        assert_eq!(drains.until(), at(47));
    }
}
