//! `ruleproof probe up`.

use std::cell::Cell;
use std::io::{Write, stderr, stdout};

use super::args::UpArgs;
use super::confirm::{Answer, confirm};
use super::testbed::{Subject, refused, subject};
use super::tracking::refused_by_store;
use crate::aws::Aws;
use crate::cli::aws::{connect, failed, run_async};
use crate::cli::exit::Exit;
use crate::cli::output::remark;
use crate::probe::{BusChoice, Inventory, QuotaChoice, Quotas, RunCost, Step, Testbed, UpError};

pub(super) fn run(args: &UpArgs) -> anyhow::Result<Exit> {
    let subject = match subject(&args.subject, &args.bus.bus, &args.aws)? {
        Ok(subject) => subject,
        Err(exit) => return Ok(exit),
    };
    run_async(async {
        match connect(&args.aws).await {
            Ok(aws) => up(args, &subject, &aws).await,
            Err(error) => Ok(failed(&error)),
        }
    })
}

async fn up(args: &UpArgs, subject: &Subject, aws: &Aws) -> anyhow::Result<Exit> {
    let Subject { rules, testbed } = subject;
    let quotas = Quotas::of_region(aws.region());
    let quota_choice = if args.raised_quotas { QuotaChoice::Raised } else { QuotaChoice::Usual };
    let bus_choice = if args.any_bus { BusChoice::AnyBus } else { BusChoice::TestBuses };
    let problems = testbed.problems_of_rules(rules, &quotas, quota_choice);
    if !problems.is_empty() {
        return Ok(refused(&problems));
    }
    let setup = aws.setup(fastrand::u64(..));
    let inventory = match setup.look(testbed.bus()).await {
        Ok(inventory) => inventory,
        Err(error) => return Ok(failed(&error)),
    };
    let problems = testbed.problems_of_place(rules, &inventory, &quotas, (bus_choice, quota_choice));
    if !problems.is_empty() {
        return Ok(refused(&problems));
    }
    describe(testbed, &inventory, aws.region(), &mut stderr().lock())?;
    if let Some(table) = &args.tracking {
        let dollars = RunCost::TRACKED_EVENT_DOLLARS * 1e6;
        writeln!(
            stderr(),
            "table {table} of DynamoDB, on demand, unless it is there; about ${dollars:.2} per million events of up to \
             1 KiB, and runs go from it by themselves after two weeks"
        )?;
    }
    match confirm("Set this up?", args.yes)? {
        Answer::Yes => {}
        Answer::No => return Ok(Exit::Fine),
        Answer::Nobody => return Ok(Exit::Unusable),
    }
    if let Some(table) = &args.tracking {
        // First, as it may turn out to be somebody else's.
        let table = aws.tracking_table(table, fastrand::u64(..));
        if let Err(error) = table.create(&testbed.marks.tags()).await {
            return Ok(refused_by_store(&error));
        }
    }
    let told = Cell::new(false);
    let progress = |step| {
        if step == Step::WaitsForNames && !told.replace(true) {
            remark(
                "names of queues that were deleted a moment ago are not free yet; this takes up to a minute",
            );
        }
    };
    match setup.up(testbed, &inventory, progress).await {
        Ok(()) => {
            let (bus, mirrors) = (testbed.bus(), testbed.layout.mirrors().len());
            writeln!(
                stdout(),
                "the testbed on bus {bus} is complete: {mirrors} mirrors ({})",
                testbed.marks.run
            )?;
            Ok(Exit::Fine)
        }
        Err(error) => {
            let exit = match error {
                UpError::Call(error) => failed(&error),
                UpError::Problem(problem) => refused(&[problem]),
            };
            remark("what was made stays; `probe up` goes on from there, `probe down` removes it");
            Ok(exit)
        }
    }
}

/// What there will be, and what it costs.
fn describe(
    testbed: &Testbed,
    inventory: &Inventory,
    region: &str,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let layout = &testbed.layout;
    let fate = if inventory.bus.is_some() { "is there" } else { "will be created, tagged for testing" };
    writeln!(out, "bus {} in {region} ({fate}), and on it", testbed.bus())?;
    let targets: usize = layout.mirrors().iter().map(|mirror| mirror.targets.len()).sum();
    let mirrors = layout.mirrors().len();
    writeln!(out, "  {} rules: {mirrors} mirrors with {targets} targets, and a catch-all", mirrors + 1)?;
    writeln!(out, "  {} queues named {}-*", layout.destinations().count(), layout.name())?;
    if !(inventory.rules.is_empty() && inventory.queues.is_empty()) {
        let (rules, queues) = (inventory.rules.len(), inventory.queues.len());
        writeln!(
            out,
            "  of the testbed there are {rules} rules and {queues} queues already; others are removed"
        )?;
    }
    let RunCost { per_event, per_message, per_hour } = RunCost::of(layout);
    writeln!(
        out,
        "none of it costs anything by being there; a run costs about ${:.2} per million events, ${:.2} per million \
         messages (one for each match and one for each target of it), and ${per_hour:.3} per hour",
        per_event * 1e6,
        per_message * 1e6,
    )
}
