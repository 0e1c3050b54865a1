//! `ruleproof completions` and `ruleproof man`: what packages install beside the program.

use std::fs;
use std::io::{Write, stdout};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::args::Arguments;
use super::exit::Exit;

/// `ruleproof completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// `ruleproof man`.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write a page for the program and one for each command to this folder, instead of one page to standard output
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

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
