//! Sends events again of which nobody knew whether they had been sent.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::backend::Backend;
use super::end::Failed;
use super::put::{Outgoing, put};
use super::reader::{not_sent, page};
use super::shared::{Shared, Verdicts};
use crate::probe::batch::ENTRIES_MAX;
use crate::probe::records::NotSent;
use crate::probe::token::Sending;
use crate::verdict::Code;

/// Sends, each as its next attempt, until `stop`. They are in flight already, so that there is room for them.
pub(super) async fn resend<K: Backend>(
    shared: Arc<Shared<K>>,
    mut again: mpsc::Receiver<Sending>,
    verdicts: Verdicts,
    stop: CancellationToken,
) {
    let mut some = Vec::with_capacity(ENTRIES_MAX);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            count = again.recv_many(&mut some, ENTRIES_MAX) => if count == 0 { return },
        }
        if let Err(failed) = send(&shared, &some, &verdicts).await {
            return shared.fail(failed);
        }
        some.clear();
    }
}

async fn send<K: Backend>(shared: &Shared<K>, some: &[Sending], verdicts: &Verdicts) -> Result<(), Failed> {
    let mut next = Vec::new();
    for sending in some {
        match sending.attempt.next() {
            Some(attempt) => next.push(Sending { attempt, ..*sending }),
            None => {
                let message = "it was sent as often as can be counted, and never seen".to_owned();
                let reason = NotSent { code: Code::NotSeenOnBus.as_str().to_owned(), message };
                // The finisher is gone only when the run has failed.
                drop(verdicts.send(not_sent(*sending, &reason)).await);
            }
        }
    }
    let page = page(shared, &next).await?;
    let scheduled = shared.clock.now();
    for planned in page.planned {
        let entry = planned.entry.into_entry(shared.mark.trace_header(planned.sending));
        shared.ledger().begin(planned.sending, &entry);
        // One by one: these are few, and each may be as large as a call can be.
        put(shared, vec![Outgoing { sending: planned.sending, scheduled, entry }], verdicts).await;
    }
    Ok(())
}
