//! What `ruleproof test` measures of the tests themselves: coverage and mutation.

use std::io::{self, BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::output::{Complained, complain, remark};
use crate::cli::output_file::{Content, FilesInUse, OutputFile};

use super::format::TestFormat;
use crate::report::{
    CoverageReport, MutationReport, TestRun, write_coverage_human, write_coverage_json, write_coverage_lcov,
    write_mutation_human, write_mutation_json,
};
use crate::suite::{MeasureOptions, Suite, coverage, mutation};

/// What is measured.
#[derive(Debug, Args)]
pub(super) struct MeasureArgs {
    /// Report which conditions, values, branches and input paths of the rules no test decides
    #[arg(long, conflicts_with = "watch")]
    coverage: bool,
    /// Write the coverage as JSON to this file
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    coverage_json: Option<PathBuf>,
    /// Write the coverage in the format of LCOV, on the lines of the rules, to this file
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    lcov: Option<PathBuf>,
    /// Fail if less than this share of the rules is covered
    #[arg(long, value_name = "PERCENT", value_parser = percent, conflicts_with = "watch")]
    fail_under: Option<f64>,
    /// Damage the rules in every small way, and report the damage that no test notices
    #[arg(long, conflicts_with = "watch")]
    mutate: bool,
    /// Write the damage that no test notices as JSON to this file
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    mutation_json: Option<PathBuf>,
    /// Fail if less than this share of the damage is noticed
    #[arg(long, value_name = "PERCENT", value_parser = percent, conflicts_with = "watch")]
    min_score: Option<f64>,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches(['%', ' ']).parse().ok();
    number.filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| "not from 0 to 100".to_owned())
}

/// The files to write.
pub(super) struct MeasureFiles {
    coverage_json: Option<OutputFile>,
    lcov: Option<OutputFile>,
    mutation_json: Option<OutputFile>,
}

/// The tests that are measured.
pub(super) struct Measured<'m> {
    pub(super) suites: &'m [Suite],
    pub(super) options: MeasureOptions<'m>,
    pub(super) format: TestFormat,
}

impl MeasureArgs {
    fn wants_coverage(&self) -> bool {
        self.coverage || self.coverage_json.is_some() || self.lcov.is_some() || self.fail_under.is_some()
    }

    fn wants_mutation(&self) -> bool {
        self.mutate || self.mutation_json.is_some() || self.min_score.is_some()
    }

    /// Creates the files to write, none of which may be one that the tests read.
    pub(super) fn create(&self, in_use: &mut FilesInUse) -> anyhow::Result<Result<MeasureFiles, Complained>> {
        let mut create = |path: &Option<PathBuf>, content: &'static str| {
            path.as_deref()
                .map(|path: &Path| OutputFile::create(path, Content::Other(content), in_use))
                .transpose()
        };
        let coverage_json = create(&self.coverage_json, "coverage")?.transpose();
        let lcov = create(&self.lcov, "coverage")?.transpose();
        let mutation_json = create(&self.mutation_json, "mutations")?.transpose();
        let files =
            || Ok(MeasureFiles { coverage_json: coverage_json?, lcov: lcov?, mutation_json: mutation_json? });
        Ok(files())
    }

    /// Measures what was asked for; worse than `Fine` if a threshold is not reached or nothing can be measured.
    pub(super) fn measure(
        &self,
        measured: &Measured<'_>,
        run: &TestRun,
        mut files: MeasureFiles,
    ) -> anyhow::Result<Exit> {
        let mut exit = Exit::Fine;
        if self.wants_coverage() {
            let Some(report) = coverage(measured.suites, &measured.options)? else {
                return Ok(interrupted("coverage"));
            };
            exit = self.show_coverage(&report, measured.format, &mut files)?;
        }
        if !self.wants_mutation() {
            return Ok(exit);
        }
        if run.counts().failed > 0 {
            complain("tests that fail notice everything: no damage is tried before all pass");
            return Ok(Exit::ExpectationFailed);
        }
        let Some(report) = mutation(measured.suites, &measured.options)? else {
            return Ok(interrupted("damage that no test notices"));
        };
        let mutation_exit = self.show_mutation(&report, measured.format, &mut files)?;
        Ok(if exit == Exit::Fine { mutation_exit } else { exit })
    }

    fn show_coverage(
        &self,
        report: &CoverageReport,
        format: TestFormat,
        files: &mut MeasureFiles,
    ) -> anyhow::Result<Exit> {
        if let Some(file) = &mut files.coverage_json {
            write_coverage_json(report, file)?;
            file.flush()?;
        }
        if let Some(file) = &mut files.lcov {
            write_coverage_lcov(report, file)?;
            file.flush()?;
        }
        let share = report.share();
        show(format, |out| write_coverage_human(report, out), &format!("coverage: {share}"))?;
        Ok(reached("coverage", share.percent(), self.fail_under))
    }

    fn show_mutation(
        &self,
        report: &MutationReport,
        format: TestFormat,
        files: &mut MeasureFiles,
    ) -> anyhow::Result<Exit> {
        if let Some(file) = &mut files.mutation_json {
            write_mutation_json(report, file)?;
            file.flush()?;
        }
        let score = report.score();
        let line = format!("mutation: {} noticed, {} not", score.killed, score.survived);
        show(format, |out| write_mutation_human(report, out), &line)?;
        Ok(reached("the mutation score", score.percent(), self.min_score))
    }
}

/// Writes to standard output, but one line to standard error where that holds a format of its own.
fn show(
    format: TestFormat,
    write: impl FnOnce(&mut BufWriter<io::StdoutLock<'_>>) -> io::Result<()>,
    line: &str,
) -> io::Result<()> {
    if format != TestFormat::Human {
        remark(line);
        return Ok(());
    }
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out)?;
    write(&mut out)?;
    out.flush()
}

/// Says that something was not measured: half of it would be misleading.
fn interrupted(what: &str) -> Exit {
    remark(&format!("interrupted: nothing is said of the {what}"));
    Exit::Interrupted
}

fn reached(what: &str, percent: f64, least: Option<f64>) -> Exit {
    match least {
        Some(least) if percent < least => {
            complain(&format!("{what} is {percent:.2} %, less than the {least} % that are asked for"));
            Exit::ExpectationFailed
        }
        _ => Exit::Fine,
    }
}
