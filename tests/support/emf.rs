//! Lines of CloudWatch's embedded metric format.

use serde_json::Value;

/// The sum of a metric with this dimension over all lines.
pub(crate) fn sum(lines: &str, metric: &str, dimension: (&str, &str)) -> f64 {
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line[dimension.0] == dimension.1).filter_map(|line| line[metric].as_f64()).sum()
}
