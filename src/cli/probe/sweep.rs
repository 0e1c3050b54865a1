//! `ruleproof probe sweep`.

use std::io::{Write, stderr, stdout};

use super::args::SweepArgs;
use super::confirm::{Answer, confirm};
use super::down::say_removed;
use super::testbed::now_s;
use crate::aws::Aws;
use crate::cli::aws::{connect, failed, run_async};
use crate::cli::exit::Exit;
use crate::event::rfc_3339;
use crate::probe::LeftOver;

pub(super) fn run(args: &SweepArgs) -> anyhow::Result<Exit> {
    run_async(async {
        match connect(&args.aws).await {
            Ok(aws) => sweep(args, &aws).await,
            Err(error) => Ok(failed(&error)),
        }
    })
}

async fn sweep(args: &SweepArgs, aws: &Aws) -> anyhow::Result<Exit> {
    let setup = aws.setup(fastrand::u64(..));
    let left_over = match setup.left_over(now_s(), args.older_than.as_secs()).await {
        Ok(left_over) => left_over,
        Err(error) => return Ok(failed(&error)),
    };
    if left_over.is_empty() {
        writeln!(stdout(), "no testbed in {} is that old", aws.region())?;
        return Ok(Exit::Fine);
    }
    left_over.iter().try_for_each(describe)?;
    match confirm("Remove them?", args.yes)? {
        Answer::Yes => {}
        Answer::No => return Ok(Exit::Fine),
        Answer::Nobody => return Ok(Exit::Unusable),
    }
    for LeftOver { inventory, .. } in &left_over {
        match setup.down(inventory).await {
            Ok(removed) => say_removed(inventory, removed)?,
            Err(error) => return Ok(failed(&error)),
        }
    }
    Ok(Exit::Fine)
}

fn describe(LeftOver { inventory, newest }: &LeftOver) -> std::io::Result<()> {
    let (bus, rules, queues) = (&inventory.name, inventory.rules.len(), inventory.queues.len());
    let since = rfc_3339(i64::try_from(newest.started_s()).unwrap_or(i64::MAX));
    let with_bus = if inventory.bus_is_ours() { ", made for it" } else { "" };
    writeln!(stderr(), "bus {bus}{with_bus}: {rules} rules and {queues} queues since {since}")
}
