//! `ruleproof probe down`.

use std::io::{Write, stdout};

use super::args::DownArgs;
use crate::cli::aws::{connect, failed, run_async};
use crate::cli::exit::Exit;
use crate::cli::output::remark;
use crate::probe::{Inventory, Removed};

pub(super) fn run(args: &DownArgs) -> anyhow::Result<Exit> {
    run_async(async {
        let removed = async {
            let setup = connect(&args.aws).await?.setup(fastrand::u64(..));
            let inventory = setup.look(&args.bus.bus).await?;
            Ok((setup.down(&inventory).await?, inventory))
        };
        match removed.await {
            Ok((removed, inventory)) => {
                say_removed(&inventory, removed)?;
                Ok(Exit::Fine)
            }
            Err(error) => Ok(failed(&error)),
        }
    })
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
