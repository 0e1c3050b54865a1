//! From arguments to an exit code.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::Parser;

use super::command_line::{Arguments, Command};
use super::exit::Exit;
use super::output::complain;
use super::{
    bench, conform, diff, explain, init, lint, match_events, parity, probe, replay, rules, sample, schema,
    shell, test, transform, why,
};

/// Runs the command that `arguments` (the program's name first) ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        // Clap prints help to stdout and usage errors to stderr, with their exit codes 0 and 2.
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Exit::Unusable as u8));
        }
    };
    let outcome = match arguments.command {
        Command::Replay(args) => replay::run(args),
        Command::Transform(args) => transform::run(args),
        Command::Test(args) => test::run(args),
        Command::Schema => schema::run(),
        Command::Match(args) => match_events::run(args),
        Command::Bench(args) => bench::run(args),
        Command::Conform(args) => conform::run(args),
        Command::Lint(args) => lint::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Init(args) => init::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Sample(args) => sample::run(*args),
        Command::Parity(args) => parity::run(args),
        Command::Probe(args) => probe::run(args),
        Command::Completions(args) => shell::completions(args),
        Command::Man(args) => shell::man(args),
        Command::Why(args) => why::run(args),
    };
    match outcome {
        Ok(exit) => exit.into(),
        // Whoever read our output has had enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => Exit::Fine.into(),
        Err(error) => {
            complain(&format!("{error:#}"));
            Exit::Unusable.into()
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
