//! The one poller: looks at all events that are due, with one batched read for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::asker::Doubt;
use super::backend::Backend;
use super::end::Failed;
use super::learning::{Leftovers, learn, retry_parked, take_leftovers};
use super::reading::{add_to_case, read_all};
use super::shared::{Found, Shared, Verdicts};
use crate::probe::foresight::Foresight;
use crate::probe::judging::{Case, Decision, Verdict, judge};
use crate::probe::ledger::{About, Due, Fact, Leftover};
use crate::probe::token::Sending;
use crate::tracking::{Record, RecordKey};
use crate::verdict::{Code, JudgeScratch};

/// Events that are looked at together.
const EVENTS_MAX: usize = 500;

/// Looks at events until `stop`.
pub(super) async fn poll<K: Backend>(
    shared: Arc<Shared<K>>,
    doubts: mpsc::Sender<Doubt>,
    verdicts: Verdicts,
    stop: CancellationToken,
) {
    let mut poller = Poller { shared: Arc::clone(&shared), doubts, verdicts, scratch: Foresight::scratch() };
    loop {
        let round = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            round = poller.round() => round,
        };
        match round {
            Ok(Round::Busy) => {}
            Ok(Round::NothingDue) => {
                let next = shared.ledger().next_due().map(|due| shared.clock.instant(due));
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    () = shared.wake.notified() => {}
                    () = until(next) => {}
                }
            }
            Err(failed) => return shared.fail(failed),
        }
    }
}

async fn until(next: Option<Instant>) {
    match next {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

enum Round {
    Busy,
    NothingDue,
}

struct Poller<K> {
    shared: Arc<Shared<K>>,
    doubts: mpsc::Sender<Doubt>,
    verdicts: Verdicts,
    scratch: JudgeScratch,
}

impl<K: Backend> Poller<K> {
    async fn round(&mut self) -> Result<Round, Failed> {
        // While they were written down, more may have become known. No event is judged before all have been tried.
        if retry_parked(&self.shared, &mut self.scratch).await? {
            return Ok(Round::Busy);
        }
        let drained = self.shared.drains().until();
        let due = self.shared.ledger().take_due(self.shared.clock.now(), drained, EVENTS_MAX);
        if due.is_empty() {
            return Ok(Round::NothingDue);
        }
        let records = read_all(&self.shared, due.iter().flat_map(facts_of)).await?;
        for event in due {
            match event {
                Due::Delivered { sending, mirrors } => self.delivered(sending, mirrors).await,
                Due::Look { sending, missing } => {
                    learn(&self.shared, sending, &missing, &records, &mut self.scratch)?
                }
                Due::Judge { sending, facts, time_over: true, leftovers, only_intended } => {
                    let mut case = Case { only_intended, ..Case::default() };
                    add_to_case(&self.shared, sending, &facts, &records, &mut case)?;
                    self.judge_finally(sending, &leftovers, case).await?;
                }
                Due::Judge { sending, facts, .. } => self.judge_early(sending, &facts, &records).await?,
            }
        }
        Ok(Round::Busy)
    }

    async fn delivered(&mut self, sending: Sending, mirrors: Vec<crate::probe::MirrorIndex>) {
        let layout = self.shared.mirrored.layout();
        let mut rules: Vec<String> =
            mirrors.iter().map(|mirror| layout.mirror_at(*mirror).display_name.clone()).collect();
        rules.sort();
        rules.dedup();
        self.found(Found { sending, verdict: Verdict::delivered(rules), mirrors: Some(mirrors) }).await;
    }

    /// Everything arrived before the time is over. Another body may still come that fits better.
    async fn judge_early(
        &mut self,
        sending: Sending,
        facts: &[About],
        records: &BTreeMap<RecordKey, Record>,
    ) -> Result<(), Failed> {
        let mut case = Case::default();
        add_to_case(&self.shared, sending, facts, records, &mut case)?;
        if let Decision::Verdict(verdict, mirrors) = judge(&self.shared.mirrored, &case, &mut self.scratch)
            && !verdict.problems.iter().any(|problem| problem.code == Code::PayloadDiffers.as_str())
        {
            self.shared.ledger().settle(sending);
            self.found(Found { sending, verdict, mirrors }).await;
        }
        Ok(())
    }

    async fn judge_finally(
        &mut self,
        sending: Sending,
        leftovers: &[Leftover],
        mut case: Case,
    ) -> Result<(), Failed> {
        let taken = take_leftovers(&self.shared, sending, leftovers, &mut case, &mut self.scratch).await?;
        if taken == Leftovers::Gone {
            return Ok(());
        }
        let waited = self.shared.ledger().waited(sending, self.shared.clock.now());
        self.shared.tally().latencies.deadline_wait.add(waited);
        match judge(&self.shared.mirrored, &case, &mut self.scratch) {
            Decision::Verdict(verdict, mirrors) => self.found(Found { sending, verdict, mirrors }).await,
            // There is room for all events in flight; the asker is gone only when the run ends.
            Decision::Ask(question) => drop(self.doubts.send(Doubt { sending, question }).await),
            Decision::SendAgain => self.shared.send_again(sending).await,
        }
        Ok(())
    }

    async fn found(&mut self, found: Found) {
        // The finisher is gone only when the run has failed.
        drop(self.verdicts.send(found).await);
    }
}

/// The facts whose records an event needs.
fn facts_of(due: &Due) -> Vec<Fact> {
    let (sending, facts) = match due {
        Due::Delivered { .. } => return Vec::new(),
        Due::Judge { sending, facts, .. } => (*sending, facts),
        Due::Look { sending, missing } => (*sending, missing),
    };
    facts.iter().map(|about| Fact { sending, about: *about }).collect()
}
