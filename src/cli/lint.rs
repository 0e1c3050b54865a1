//! `ruleproof lint`.

use std::io::{BufWriter, Write, stdout};

use clap::{Args, ValueEnum};

use super::args::LimitsName;
use super::exit::Exit;
use super::live::LiveBuses;
use super::output::complain;
use super::plan::Plan;
use super::rule_set::exit_of;
use super::source_root::source_root;
use crate::findings::{Finding, FindingCode, Severity};
use crate::lint::{Allowed, LintOptions, lint};
use crate::report::{write_findings_human, write_findings_json, write_github, write_sarif};

/// `ruleproof lint`.
#[derive(Debug, Args)]
#[command(
    after_help = "To allow findings, list their codes: for all rules in ruleproof.toml (`[lint] allow = [\"catch-all\"]`), \
    for one rule in its template (`Metadata: {Ruleproof: {allow: [catch-all]}}`). `ruleproof explain` lists all codes."
)]
pub(super) struct LintArgs {
    /// Rules: templates, CLI output, plain or .tsv files, folders or globs [default: ruleproof.toml]
    #[arg(value_name = "SOURCE")]
    rules: Vec<String>,
    /// Value of a template parameter, or of anything that a template leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Whose limits patterns are held to
    #[arg(long, value_enum, default_value_t)]
    limits: LimitsName,
    /// How to print the findings [default: github in GitHub Actions, else human]
    #[arg(long, value_enum)]
    format: Option<FindingsFormat>,
    /// The mildest finding that makes the exit code 1
    #[arg(long, value_enum, default_value_t)]
    fail_on: FailOn,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FindingsFormat {
    /// Text for people
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code-scanning services
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// The mildest finding that counts as a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum FailOn {
    /// What has to be mended
    #[default]
    Error,
    /// What deserves a look, too
    Warning,
    /// Anything
    Note,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Severity {
        match fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Note => Severity::Note,
        }
    }
}

pub(super) fn run(args: LintArgs) -> anyhow::Result<Exit> {
    let plan = Plan::for_rules(&args.rules, &args.parameters)?;
    if plan.rules.is_empty() {
        complain(&format!("no rules: name them, or list them in {}", crate::config::FILE_NAME));
        return Ok(Exit::NothingToRun);
    }
    let options = LintOptions { limits: args.limits.limits(), allowed: Allowed::parse(&plan.lint_allow)? };
    let loaded = crate::rules::load_with(&plan.rules, &plan.parameters, &LiveBuses::default());
    let is_empty = loaded.rules.is_empty() && loaded.problems.is_empty();
    let findings = lint(loaded, &options);
    print(&findings, args.format)?;
    Ok(if findings.iter().any(|finding| is_unreadable(finding.code)) {
        exit_of(&findings)
    } else if is_empty {
        complain("no rules were found");
        Exit::NothingToRun
    } else if findings.iter().any(|finding| finding.severity >= args.fail_on.into()) {
        Exit::ExpectationFailed
    } else {
        Exit::Fine
    })
}

/// Whether a part of the rules is not known, so that nothing can be said about it.
fn is_unreadable(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::FileUnreadable
            | FindingCode::BusUnreadable
            | FindingCode::FileInvalid
            | FindingCode::NoRules
    )
}

fn in_github_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

fn print(findings: &[Finding], format: Option<FindingsFormat>) -> anyhow::Result<()> {
    let fallback = if in_github_actions() { FindingsFormat::Github } else { FindingsFormat::Human };
    let mut out = BufWriter::new(stdout().lock());
    match format.unwrap_or(fallback) {
        FindingsFormat::Human => write_findings_human(findings, &mut out)?,
        FindingsFormat::Json => write_findings_json(findings, &mut out)?,
        FindingsFormat::Sarif => write_sarif(findings, &source_root()?, &mut out)?,
        FindingsFormat::Github => write_github(findings, &source_root()?, &mut out)?,
    }
    Ok(out.flush()?)
}
