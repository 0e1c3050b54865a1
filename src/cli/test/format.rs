//! How outcomes of tests are printed.

use clap::ValueEnum;

/// How the outcome is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum TestFormat {
    /// Text for people
    #[default]
    Human,
    /// One JSON object per line: each test, then the counts
    Ndjson,
    /// JUnit XML, as Jenkins reads it
    Junit,
    /// SARIF 2.1.0, for code-scanning services
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}
