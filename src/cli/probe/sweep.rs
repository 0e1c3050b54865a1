//! `ruleproof probe sweep`.

use std::io::{Write, stderr, stdout};

use super::args::SweepArgs;
use super::confirm::{Answer, confirm};
use super::down::say_removed;
use super::testbed::now_s;
use crate::aws::Aws;
use crate::cli::aws::{connect, failed, run_async};
use crate::cli::exit::Exit;
use crate::cli::output::remark;
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
    let (setup, now_s) = (aws.setup(fastrand::u64(..)), now_s());
    let left_over = match setup.left_over(now_s, args.older_than.as_secs()).await {
        Ok(left_over) => left_over,
        Err(error) => return Ok(failed(&error)),
    };
    let (in_use, left_over): (Vec<_>, Vec<_>) =
        left_over.into_iter().partition(|testbed| testbed.is_in_use(now_s));
    in_use.iter().for_each(say_in_use);
    if left_over.is_empty() {
        if !in_use.is_empty() {
            return Ok(Exit::Fine);
        }
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

fn say_in_use(LeftOver { inventory, .. }: &LeftOver) {
    let (bus, until_s) = (&inventory.name, inventory.in_use_until_s.unwrap_or_default());
    let until = rfc_3339(i64::try_from(until_s).unwrap_or(i64::MAX));
    remark(&format!(
        "bus {bus} is left alone: a run uses its testbed, or was killed and marked it as in use until {until}; \
         `probe down --bus {bus}` removes it all the same"
    ));
}

fn describe(LeftOver { inventory, newest }: &LeftOver) -> std::io::Result<()> {
    let (bus, rules, queues) = (&inventory.name, inventory.rules.len(), inventory.queues.len());
    let since = rfc_3339(i64::try_from(newest.started_s()).unwrap_or(i64::MAX));
    let with_bus = if inventory.bus_is_ours() { ", made for it" } else { "" };
    writeln!(stderr(), "bus {bus}{with_bus}: {rules} rules and {queues} queues since {since}")
}
