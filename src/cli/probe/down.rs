//! `ruleproof probe down`.

use std::io::{Write, stdout};

use super::args::DownArgs;
use super::tracking::refused_by_store;
use crate::aws::Aws;
use crate::cli::aws::{connect, failed, run_async};
use crate::cli::exit::Exit;
use crate::cli::output::remark;
use crate::probe::{Inventory, Removed};

pub(super) fn run(args: &DownArgs) -> anyhow::Result<Exit> {
    run_async(async {
        let aws = match connect(&args.aws).await {
            Ok(aws) => aws,
            Err(error) => return Ok(failed(&error)),
        };
        let removed = async {
            let setup = aws.setup(fastrand::u64(..));
            let inventory = setup.look(&args.bus.bus).await?;
            Ok((setup.down(&inventory).await?, inventory))
        };
        match removed.await {
            Ok((removed, inventory)) => say_removed(&inventory, removed)?,
            Err(error) => return Ok(failed(&error)),
        }
        match &args.tracking {
            Some(table) => remove_table(&aws, table).await,
            None => Ok(Exit::Fine),
        }
    })
}

async fn remove_table(aws: &Aws, table: &str) -> anyhow::Result<Exit> {
    match aws.tracking_table(table, fastrand::u64(..)).remove().await {
        Ok(true) => writeln!(stdout(), "removed table {table} with all runs in it")?,
        Ok(false) => writeln!(stdout(), "there is no table {table}")?,
        Err(error) => return Ok(refused_by_store(&error)),
    }
    Ok(Exit::Fine)
}

/// Says what was removed of a testbed, and why its bus was not.
pub(super) fn say_removed(inventory: &Inventory, removed: Removed) -> std::io::Result<()> {
    let Removed { rules, queues, buses } = removed;
    let bus = &inventory.name;
    if removed == Removed::default() && !inventory.bus_is_ours() {
        return writeln!(stdout(), "there is no testbed on bus {bus}");
    }
    let with_bus = if buses == 0 { "" } else { " and the bus itself" };
    writeln!(stdout(), "removed of bus {bus}: {rules} rules, {queues} queues{with_bus}")?;
    if buses == 0 && inventory.bus_is_ours() {
        let others = inventory.other_rules.len();
        remark(&format!("bus {bus} stays, as somebody else has {others} rules on it"));
    }
    Ok(())
}
