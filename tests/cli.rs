//! The command line as its users meet it: each test is a session with the built program.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "cli/bench.rs"]
mod bench;
#[path = "cli/conform.rs"]
mod conform;
#[path = "cli/deliveries.rs"]
mod deliveries;
#[path = "cli/diff.rs"]
mod diff;
#[path = "support/emf.rs"]
mod emf;
#[path = "cli/findings.rs"]
mod findings;
#[path = "cli/guards.rs"]
mod guards;
#[path = "cli/init.rs"]
mod init;
#[path = "resume/inputs.rs"]
mod inputs;
#[path = "cli/interrupt.rs"]
mod interrupt;
#[path = "resume/kills.rs"]
mod kills;
#[path = "cli/lint.rs"]
mod lint;
#[path = "cli/match_events.rs"]
mod match_events;
#[path = "cli/metrics.rs"]
mod metrics;
#[path = "cli/parameters.rs"]
mod parameters;
#[path = "cli/refused.rs"]
mod refused;
#[path = "cli/replay.rs"]
mod replay;
#[path = "cli/results.rs"]
mod results;
#[path = "cli/resume.rs"]
mod resume;
#[path = "cli/resume_refused.rs"]
mod resume_refused;
#[path = "cli/rules.rs"]
mod rules;
#[cfg(unix)]
#[path = "cli/sample.rs"]
mod sample;
#[path = "cli/sample_drift.rs"]
mod sample_drift;
#[cfg(unix)]
#[path = "cli/sample_http.rs"]
mod sample_http;
#[path = "cli/sample_shadow.rs"]
mod sample_shadow;
#[path = "cli/sample_tap.rs"]
mod sample_tap;
#[path = "cli/session.rs"]
mod session;
#[path = "cli/shell.rs"]
mod shell;
#[path = "cli/streams.rs"]
mod streams;
#[path = "cli/test.rs"]
mod test;
#[path = "cli/test_measures.rs"]
mod test_measures;
#[path = "cli/test_seeded_faults.rs"]
mod test_seeded_faults;
#[path = "cli/test_shipped.rs"]
mod test_shipped;
#[path = "cli/test_support.rs"]
mod test_support;
#[path = "cli/test_watch.rs"]
mod test_watch;
#[path = "cli/transform.rs"]
mod transform;
#[path = "cli/why.rs"]
mod why;
#[cfg(not(feature = "aws"))]
#[path = "cli/without_aws.rs"]
mod without_aws;
