//! `ruleproof completions` and `ruleproof man`: what packages install beside the program.

use std::fs;
use std::io::{Write, stdout};

use anyhow::Context;
use clap::CommandFactory;
use clap_mangen::Man;

use super::args::{CompletionsArgs, ManArgs};
use super::command_line::Arguments;
use super::exit::Exit;

pub(super) fn completions(args: CompletionsArgs) -> anyhow::Result<Exit> {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    // In memory first: the generator panics if it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    stdout().lock().write_all(&script)?;
    Ok(Exit::Fine)
}

pub(super) fn man(args: ManArgs) -> anyhow::Result<Exit> {
    let command = Arguments::command().disable_help_subcommand(true);
    match args.dir {
        None => Man::new(command).render(&mut stdout().lock())?,
        Some(folder) => {
            let cannot = || format!("{} cannot be written", folder.display());
            fs::create_dir_all(&folder).with_context(cannot)?;
            clap_mangen::generate_to(command, &folder).with_context(cannot)?;
        }
    }
    Ok(Exit::Fine)
}
