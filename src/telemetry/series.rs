//! The series of a registry, by kind.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;

use super::definition::Definition;
use super::handle::{Counter, Gauge, Histogram};

/// A longer value of a label is cut. Rules' names have 64 bytes at most, with file and stack in front rarely more
/// than this; CloudWatch takes 1,024 characters per value.
const LABEL_BYTES_MAX: usize = 200;

/// The value of all labels of the series that further label sets of a metric share.
pub const OVERFLOW: &str = "other";

/// Which series: a metric and the values of its labels. Sorted by name, then by values.
#[derive(Debug, Clone)]
pub struct Key {
    pub(super) definition: &'static Definition,
    pub(super) values: Box<[Box<str>]>,
}

impl Key {
    pub(super) fn new(definition: &'static Definition, values: &[&str]) -> Key {
        Key { definition, values: values.iter().map(|value| shortened(value)).collect() }
    }

    pub(super) fn overflow(definition: &'static Definition) -> Key {
        Key { definition, values: definition.labels.iter().map(|_| OVERFLOW.into()).collect() }
    }

    fn order(&self) -> (&'static str, &[Box<str>]) {
        (self.definition.name, &self.values)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.order() == other.order()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

/// What stands for an empty value: CloudWatch refuses those, and to Prometheus they are no label at all.
const EMPTY: &str = "none";

/// The value itself, or its beginning with a hash of the whole, so that different values stay different.
fn shortened(value: &str) -> Box<str> {
    if value.len() <= LABEL_BYTES_MAX {
        return if value.is_empty() { EMPTY.into() } else { value.into() };
    }
    let hash = format!("~{:016x}", xxh3_64(value.as_bytes()));
    let end = value.floor_char_boundary(LABEL_BYTES_MAX - hash.len());
    format!("{}{hash}", &value[..end]).into()
}

/// Series of one kind.
pub(super) type Shelf<H> = BTreeMap<Key, H>;

/// All series.
#[derive(Debug, Default)]
pub struct Shelves {
    pub(super) counters: Shelf<Counter>,
    pub(super) gauges: Shelf<Gauge>,
    pub(super) histograms: Shelf<Histogram>,
}

/// Where handles of a kind are kept. Nobody outside can name it, so there are three kinds.
pub trait OnShelf: Sized {
    /// Its part of `shelves`.
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Self>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut_between_characters_and_stay_different() {
        let long = "ä".repeat(300);
        let (a, b) = (shortened(&format!("{long}a")), shortened(&format!("{long}b")));
        assert!(a.len() <= LABEL_BYTES_MAX && a != b, "{a} {b}");
        assert_eq!(&*shortened("rules/orders.yaml:Big"), "rules/orders.yaml:Big");
    }
}
