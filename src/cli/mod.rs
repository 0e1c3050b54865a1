//! The command line: what was typed becomes library calls, and what they say becomes text and exit codes.

mod args;
mod aws;
mod bench;
#[cfg(feature = "aws")]
mod bundle;
mod checkpoint;
mod command_line;
mod conform;
mod diff;
mod exit;
mod explain;
mod feeds;
mod init;
mod interrupt;
mod lint;
mod live;
mod match_events;
mod metrics;
mod output;
mod output_file;
mod parity;
mod plan;
mod probe;
mod progress;
mod rate;
mod replay;
mod rule_set;
mod rules;
mod run;
mod sample;
mod schema;
mod shell;
mod source_root;
mod test;
mod transform;
mod typed;
mod why;

pub use exit::Exit;
pub use run::run;
