//! What became of a run on a real bus.
//!
//! Contents of events are private, and summaries are pasted into tickets: a summary names places, rules, targets and
//! codes. How bodies differ is in the lines of events, and only if whoever writes them put it there.

mod human;
mod json;
mod summary;

pub use human::{write_probe_event_human, write_probe_human, write_probe_runs_human};
pub use json::{write_probe_event_json, write_probe_json, write_probe_ndjson_summary, write_probe_runs_json};
pub use summary::{
    ProbeCode, ProbeEnd, ProbeEvent, ProbeLatencies, ProbeMessages, ProbePart, ProbeProblem, ProbeRule,
    ProbeRunLine, ProbeSkip, ProbeSummary, ProbeTimes,
};
