//! The commands that call AWS, through the binary, against MiniStack: a stand-in for AWS in Python that these tests
//! install into `target/` and start themselves. What no stand-in does (refusals, clocks, broken answers) comes from a
//! small HTTP server of our own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "aws/account.rs"]
mod account;
#[path = "aws/archives.rs"]
mod archives;
#[path = "aws/bed.rs"]
mod bed;
#[path = "tracking/contract.rs"]
mod contract;
#[path = "support/emf.rs"]
mod emf;
#[path = "aws/failures.rs"]
mod failures;
#[path = "aws/fake.rs"]
mod fake;
#[path = "tracking/half_done.rs"]
mod half_done;
#[path = "resume/inputs.rs"]
mod inputs;
#[path = "aws/kills.rs"]
mod kills;
#[path = "aws/logs.rs"]
mod logs;
#[path = "aws/ministack.rs"]
mod ministack;
#[path = "tracking/model.rs"]
mod model;
#[path = "aws/parity.rs"]
mod parity;
#[path = "aws/proxy.rs"]
mod proxy;
#[path = "support/python.rs"]
mod python;
#[path = "aws/queues.rs"]
mod queues;
#[path = "resume/kills.rs"]
mod resumed;
#[path = "aws/rules.rs"]
mod rules;
#[path = "aws/run.rs"]
mod run;
#[path = "aws/run_faults.rs"]
mod run_faults;
#[path = "aws/s3.rs"]
mod s3;
#[path = "aws/sample.rs"]
mod sample;
#[path = "aws/sample_probe.rs"]
mod sample_probe;
#[path = "tracking/samples.rs"]
mod samples;
#[path = "aws/tables.rs"]
mod tables;
#[path = "aws/testbed.rs"]
mod testbed;
#[path = "aws/tracking.rs"]
mod tracking;
