//! What a run found, as text for people and JSON for programs.
//!
//! Writers take anything that can be written to and open nothing themselves.

mod benchmark;
mod coverage;
mod cross_check;
mod diff;
mod diff_human;
mod diff_markdown;
mod diff_words;
mod drift;
mod explanation;
mod findings;
mod findings_human;
mod github;
mod human;
mod json;
mod json_parts;
mod mutation;
mod parity;
mod payloads;
mod probe;
mod probed;
mod results;
mod sample;
mod sarif;
mod shadow;
mod source_root;
mod summary;
mod tap;
mod test_human;
mod test_junit;
mod test_markdown;
mod test_ndjson;
mod test_run;

pub use benchmark::{Benchmark, write_benchmark_human, write_benchmark_json};
pub use coverage::{
    CoverageReport, CoveredPart, PartKind, RuleCoverage, Share, write_coverage_human, write_coverage_json,
    write_coverage_lcov,
};
pub use cross_check::CrossCheckReport;
pub use diff::{
    DiffSummary, EventExample, Presence, RuleDiff, Sightings, TargetDiff, VerdictCounts, VerdictMove,
    write_diff_json,
};
pub use diff_human::write_diff_human;
pub use diff_markdown::{MARKDOWN_BYTES_MAX, write_diff_markdown};
pub use drift::{DriftReport, drift_words, too_rare_words};
pub use explanation::{Explained, explanation_lines};
pub use findings::write_findings_json;
pub use findings_human::write_findings_human;
pub use github::write_github;
pub use human::write_human;
pub use json::write_json;
pub use mutation::{
    MutationReport, MutationScore, RuleMutation, Survivor, write_mutation_human, write_mutation_json,
};
pub use parity::{
    OurAnswer, ParityDisagreement, ParitySummary, RecordedCase, write_case, write_parity_human,
    write_parity_json,
};
pub use payloads::{PayloadLine, write_payload};
pub use probe::{
    ProbeCode, ProbeEnd, ProbeEvent, ProbeLatencies, ProbeMessages, ProbePart, ProbeProblem, ProbeRule,
    ProbeRunLine, ProbeSkip, ProbeSummary, ProbeTimes, write_probe_event_human, write_probe_event_json,
    write_probe_human, write_probe_json, write_probe_ndjson_summary, write_probe_runs_human,
    write_probe_runs_json,
};
pub use probed::{ProbedCode, ProbedReport};
pub use results::{FailedTarget, ResultLine, ResultVerdict, write_result};
pub use sample::{Dropped, SampleRule, SampleSummary, Scaled, write_sample_human, write_sample_json};
pub use sarif::write_sarif;
pub use shadow::ShadowReport;
pub use source_root::SourceRoot;
pub use summary::{ErrorExample, RuleCount, RunEnd, SkipCount, Summary, TargetFailureCount};
pub use tap::TapReport;
pub use test_human::{Colors, write_tests_human};
pub use test_junit::write_tests_junit;
pub use test_markdown::write_tests_markdown;
pub use test_ndjson::write_tests_ndjson;
pub use test_run::{TestCounts, TestFailure, TestReport, TestResult, TestRun};
