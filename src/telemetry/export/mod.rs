//! Numbers on their way to a back end.
//!
//! Each exporter has a thread of its own, so that one whose back end hangs holds up neither the run nor the others.
//! It looks at the registry once per interval and no more often whatever happens, which a rate limiter sees to; what
//! a failed emission did not bring is in the next one, as only totals are kept. So there is no queue that could grow.

mod emf;
mod exporter;
mod flat;
mod otlp;
mod running;
mod statsd;

pub use emf::{Emf, EmfOutput};
pub use exporter::{EmitProblem, Exporter, Moment};
pub use otlp::{Otlp, OtlpUrl, OtlpUrlProblem};
pub use running::{ExporterThread, Flushed, Interval, Prompt};
pub use statsd::StatsD;
