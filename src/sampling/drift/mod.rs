//! Notices that a rule matches less than it used to, and says what changed.
//!
//! Rules rot in silence: a producer renames a field, and a rule that matched 3 % of the events matches none. So the part
//! of the events that each rule matches is compared, window by window, with a baseline: the first windows of a run, or
//! those of an earlier run.
//!
//! # When it is an alarm
//! A drop has to be beyond chance and worth waking somebody. Beyond chance: even if the true rate were at the lower end
//! of what the baseline allows (Clopper and Pearson's bound), so few matches would be too rare (exact binomial tail). Both are held to
//! half of [`DriftSettings::errors_per_window`] divided by the number of rules, so that over all rules a window raises a
//! false alarm that rarely. Worth it: the rate is below [`DriftSettings::material`] of the baseline's. Events of a sample
//! count by their weights, with the effective number of events (Kish) instead of the true one. A window with too few
//! events is joined with the next.
//!
//! No drop of a rule that matches 3 % of the events is beyond chance in 300 of them, even if none matches. So windows are
//! joined further, for each rule until the absence of any match would be beyond chance. Where the windows that may be
//! joined ([`DriftSettings::windows_joined_max`]) do not hold so many events, the rule is [`TooRare`] to tell.
//!
//! # What is said of it
//! Of each kind of events (source and detail-type) that the rule matched in the baseline, a few are kept, evenly over the
//! window. Those are explained condition by condition, and the condition that fails more often than it did is the one that
//! began to fail. If the field that it reads is rarer than it was, that field vanished, and a field that is new and about
//! as frequent is likely its new name.

mod baseline;
mod bounds;
mod cause;
mod fields;
mod monitor;
mod spans;
mod statistics;
mod window;

pub use baseline::{Baseline, RuleBaseline};
pub use cause::{BeganToFail, Cause};
pub use monitor::{DriftChange, DriftMonitor, DriftSettings, RateChange, TooRare, WatchedRule};
pub use window::WindowTally;
