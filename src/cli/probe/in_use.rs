//! Says of a testbed that a run uses it, so that `probe sweep` leaves it alone, and keeps other runs from it, which would
//! take the messages for their own.

use super::args::OtherRuns;
use super::testbed::{Found, Subject, now_s};
use crate::aws::{Aws, AwsSetup};
use crate::cli::exit::Exit;
use crate::cli::output::{complain, remark};
use crate::event::rfc_3339;
use crate::probe::{BusArn, TestbedUse};
use crate::tracking::RunId;

/// What marks a testbed.
pub(super) struct InUse {
    setup: AwsSetup,
    bus: BusArn,
    catch_all: String,
    run: RunId,
}

/// Another run uses the testbed, or was killed and could not take its mark away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InUseByOther {
    bus: String,
    other: TestbedUse,
}

impl InUse {
    /// Looks whether another run uses the testbed. Two that begin at the same moment may both find it free, and where tags
    /// cannot be read it counts as free.
    pub(super) async fn claim(
        aws: &Aws,
        subject: &Subject,
        found: &Found,
        run: RunId,
        others: OtherRuns,
    ) -> Result<InUse, InUseByOther> {
        let setup = aws.setup(fastrand::u64(..));
        let (bus, catch_all) = (found.bus.clone(), subject.testbed.layout.catch_all_name().to_owned());
        let used = match others {
            OtherRuns::Respected => setup.testbed_use(&bus, &catch_all).await.unwrap_or_default(),
            OtherRuns::TakenOver => None,
        };
        match used.filter(|used| used.by != run && used.until_s > now_s()) {
            Some(other) => Err(InUseByOther { bus: bus.name().to_string(), other }),
            None => Ok(InUse { setup, bus, catch_all, run }),
        }
    }

    /// Does `work` while the testbed is marked. Work that cannot be marked is done all the same.
    pub(super) async fn during<T>(self, work: impl Future<Output = T>) -> T {
        let mark = self.setup.in_use_mark(&self.bus, &self.catch_all, self.run, now_s);
        if let Err(error) = mark.set().await {
            remark(&format!(
                "the testbed is not marked as in use, so that neither `probe sweep` nor other runs know of this one: {error}"
            ));
        }
        let done = tokio::select! {
            done = work => done,
            never = mark.renew() => match never {},
        };
        mark.let_go().await;
        done
    }
}

impl InUseByOther {
    /// Why nothing was done, for a person.
    pub(super) fn told(&self) -> String {
        let InUseByOther { bus, other: TestbedUse { by, until_s } } = self;
        let until = rfc_3339(i64::try_from(*until_s).unwrap_or(i64::MAX));
        format!("the testbed on bus `{bus}` is marked as in use by run {by} until {until}")
    }

    /// Says so, and what to do.
    pub(super) fn refuse(&self) -> Exit {
        complain(&format!(
            "{}\n  hint: two runs would take each other's messages. Wait for it; if it was killed, `ruleproof probe redrive \
             {}` goes on with it, and --take-over takes its testbed all the same",
            self.told(),
            self.other.by
        ));
        Exit::Unusable
    }
}
