//! Prints what became of tests.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, IsTerminal, Write, stderr, stdout};
use std::path::PathBuf;

use super::format::TestFormat;
use crate::cli::output::remark;
use crate::cli::source_root::source_root;
use crate::report::{
    Colors, TestRun, write_github, write_sarif, write_tests_human, write_tests_junit, write_tests_markdown,
    write_tests_ndjson,
};

/// Prints the outcome in the format that was asked for. Where GitHub Actions runs this, annotations and a summary of
/// the job come on top.
pub(super) fn print(run: &TestRun, format: TestFormat) -> io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    match format {
        TestFormat::Human => write_tests_human(run, colors(), &mut out)?,
        TestFormat::Ndjson => write_tests_ndjson(run, &mut out)?,
        TestFormat::Junit => write_tests_junit(run, &mut out)?,
        TestFormat::Sarif => write_sarif(&run.findings(), &source_root()?, &mut out)?,
        TestFormat::Github => write_github(&run.findings(), &source_root()?, &mut out)?,
    }
    out.flush()?;
    drop(out);
    if format != TestFormat::Human {
        remark(&run.summary());
    }
    on_github(run, format)
}

/// What GitHub Actions shows beside the log.
fn on_github(run: &TestRun, format: TestFormat) -> io::Result<()> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if set("GITHUB_ACTIONS").is_none() {
        return Ok(());
    }
    match format {
        TestFormat::Github => {}
        TestFormat::Human => write_github(&run.findings(), &source_root()?, &mut stdout().lock())?,
        // Standard output may be a file that must hold nothing else; commands are read from standard error too.
        TestFormat::Ndjson | TestFormat::Junit | TestFormat::Sarif => {
            write_github(&run.findings(), &source_root()?, &mut stderr().lock())?;
        }
    }
    let Some(path) = set("GITHUB_STEP_SUMMARY").map(PathBuf::from) else { return Ok(()) };
    let named = |error: io::Error| {
        io::Error::new(error.kind(), format!("{} cannot be written: {error}", path.display()))
    };
    // Other steps of the job may have written to it before.
    let file = OpenOptions::new().create(true).append(true).open(&path).map_err(named)?;
    let mut file = BufWriter::new(file);
    write_tests_markdown(run, &mut file).and_then(|()| file.flush()).map_err(named)
}

/// Colours only on a terminal, and never where `NO_COLOR` is set (see no-color.org).
fn colors() -> Colors {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted && stdout().is_terminal() { Colors::On } else { Colors::Off }
}
