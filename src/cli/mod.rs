//! The command line: what was typed becomes library calls, and what they say becomes text and exit codes.

mod args;
mod bench;
mod conform;
mod exit;
mod explain;
mod lint;
mod match_events;
mod output;
mod output_file;
mod plan;
mod progress;
mod replay;
mod rule_set;
mod run;
mod source_root;
mod transform;

pub use exit::Exit;
pub use run::run;
