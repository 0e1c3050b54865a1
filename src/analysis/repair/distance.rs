//! How far one value is from another, to choose the smallest change.

use crate::json::Value;
use crate::pattern::edit_distance;

/// Longer strings are compared by their lengths.
const COMPARED_CHARS_MAX: usize = 128;

/// What a change of type costs; more than any small change within a type.
const OTHER_TYPE: u64 = 200;

/// 0 only for equal values. A change of case is the smallest, then edits of a string or a near number.
pub(super) fn distance(old: &Value, new: &Value) -> u64 {
    match (old, new) {
        _ if old == new => 0,
        (Value::String(old), Value::String(new)) => texts(&old.to_string_lossy(), &new.to_string_lossy()),
        (Value::Number(old), Value::Number(new)) => numbers(old, new),
        (Value::Bool(_), Value::Bool(_)) => 1,
        _ => OTHER_TYPE + old.to_string().len() as u64 + new.to_string().len() as u64,
    }
}

fn texts(old: &str, new: &str) -> u64 {
    if old.to_lowercase() == new.to_lowercase() {
        return 1 + old.chars().zip(new.chars()).filter(|(a, b)| a != b).count() as u64;
    }
    let (old_chars, new_chars) = (old.chars().count(), new.chars().count());
    let edits = match old_chars.max(new_chars) <= COMPARED_CHARS_MAX {
        true => edit_distance(old, new),
        false => old_chars.abs_diff(new_chars) + 1,
    };
    4 * edits as u64
}

/// Numbers with few digits are preferred: nobody wants 100.00000000000001 where 101 does.
fn numbers(old: &str, new: &str) -> u64 {
    let value = |spelling: &str| spelling.parse::<f64>().unwrap_or(f64::MAX);
    let apart = (value(old) - value(new)).abs() + 1.0;
    // At most 2048 for the widest gap between doubles.
    1 + 4 * new.len() as u64 + (2.0 * apart.log2()).min(4_096.0) as u64
}
