//! The tables of one field that lead from a value to what hangs on it.

use std::collections::{HashMap, HashSet};

use super::access_key::AccessKey;
use super::conditions::Posting;
use super::text_table::TextTable;
use crate::json::heap::{table_bytes, vec_bytes};
use crate::json::{Estimate, HeapBytes};
use crate::pattern::{IpAddress, KnownNumber, Leaf, NumberLeaf, StringLeaf};

/// Keys come from rules only, so nobody can flood the tables with events; a fast hash will do.
type Table<K> = HashMap<K, Posting, foldhash::fast::FixedState>;

/// What hangs on one field.
#[derive(Debug, Default)]
pub(super) struct FieldAccess {
    texts: TextTable,
    addresses: Table<Box<[u8]>>,
    numbers: Table<u64>,
    near_numbers: NearNumbers,
    spellings: Table<Box<str>>,
    prefixes: Affixes,
    suffixes: Affixes,
    /// Of true, false and null.
    literals: [Posting; 3],
    present: Posting,
    has_values: bool,
}

/// Digits of an IPv4 and of an IPv6 address.
const ADDRESS_DIGITS: [usize; 2] = [8, 32];

impl HeapBytes for FieldAccess {
    fn heap_bytes(&self) -> usize {
        let addresses: usize = self.addresses.keys().map(HeapBytes::heap_bytes).sum();
        let spellings: usize = self.spellings.keys().map(HeapBytes::heap_bytes).sum();
        addresses
            + table_bytes::<(Box<[u8]>, Posting)>(self.addresses.capacity())
            + spellings
            + table_bytes::<(Box<str>, Posting)>(self.spellings.capacity())
            + table_bytes::<(u64, Posting)>(self.numbers.capacity())
            + table_bytes::<u64>(self.near_numbers.set.capacity())
            + self.texts.heap_bytes()
            + self.prefixes.heap_bytes()
            + self.suffixes.heap_bytes()
    }
}

impl FieldAccess {
    /// Hangs `posting` on `key`, which is new.
    pub(super) fn hang(&mut self, key: AccessKey, posting: Posting) {
        self.has_values |= key != AccessKey::Present;
        match key {
            AccessKey::Text(text) => self.texts.insert(text, posting),
            AccessKey::Address(digits) => drop(self.addresses.insert(digits, posting)),
            AccessKey::Number(bits) => {
                self.near_numbers.insert(f64::from_bits(bits));
                self.numbers.insert(bits, posting);
            }
            AccessKey::Spelling(spelling) => drop(self.spellings.insert(spelling, posting)),
            AccessKey::Prefix(prefix) => self.prefixes.hang(prefix, posting),
            AccessKey::Suffix(suffix) => self.suffixes.hang(suffix, posting),
            AccessKey::True => self.literals[0] = posting,
            AccessKey::False => self.literals[1] = posting,
            AccessKey::Null => self.literals[2] = posting,
            AccessKey::Present => self.present = posting,
        }
    }

    /// What hangs on the presence of the field.
    #[inline]
    pub(super) fn on_presence(&self) -> &Posting {
        &self.present
    }

    /// Whether anything hangs on a value.
    #[inline]
    pub(super) fn has_values(&self) -> bool {
        self.has_values
    }

    /// Calls `visit` with whatever hangs on a value, until it fails.
    #[inline]
    pub(super) fn on_value<E>(
        &self,
        leaf: &Leaf<'_>,
        mut visit: impl FnMut(&Posting) -> Result<(), E>,
    ) -> Result<(), E> {
        match leaf {
            Leaf::Bool(true) => visit(&self.literals[0]),
            Leaf::Bool(false) => visit(&self.literals[1]),
            Leaf::Null => visit(&self.literals[2]),
            Leaf::Number(number) => self.on_number(number, visit),
            Leaf::String(string) => {
                self.texts.get(string.text).map_or(Ok(()), &mut visit)?;
                self.prefixes.on(|length| string.marked.get(..length), &mut visit)?;
                let suffix = |length: usize| string.marked.get(string.marked.len().checked_sub(length)?..);
                self.suffixes.on(suffix, &mut visit)?;
                self.on_spelled_address(string, visit)
            }
        }
    }

    fn on_number<E>(
        &self,
        number: &NumberLeaf<'_>,
        mut visit: impl FnMut(&Posting) -> Result<(), E>,
    ) -> Result<(), E> {
        if !(self.numbers.is_empty() && self.spellings.is_empty()) {
            self.on_compared_number(number, &mut visit)?;
        }
        match self.addresses.is_empty() {
            true => Ok(()),
            false => self.on_digits(number.spelling().as_bytes(), visit),
        }
    }

    fn on_compared_number<E>(
        &self,
        number: &NumberLeaf<'_>,
        visit: impl FnMut(&Posting) -> Result<(), E>,
    ) -> Result<(), E> {
        if let KnownNumber::Near(near) = number.estimated()
            && self.spellings.is_empty()
            && !self.near_numbers.may_hold(near)
        {
            return Ok(());
        }
        let found = match number.value() {
            Some(value) => self.numbers.get(&value.to_bits()),
            None => self.spellings.get(&*number.spelling()),
        };
        found.map_or(Ok(()), visit)
    }

    #[inline]
    fn on_spelled_address<E>(
        &self,
        string: &StringLeaf<'_>,
        visit: impl FnMut(&Posting) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.addresses.is_empty() {
            return Ok(());
        }
        match IpAddress::parse(string.text) {
            Some(address) => self.on_digits(address.hex().as_bytes(), visit),
            None => Ok(()),
        }
    }

    /// What hangs on an address that `digits` begin with.
    fn on_digits<E>(&self, digits: &[u8], mut visit: impl FnMut(&Posting) -> Result<(), E>) -> Result<(), E> {
        ADDRESS_DIGITS
            .iter()
            .filter_map(|length| self.addresses.get(digits.get(..*length)?))
            .try_for_each(&mut visit)
    }
}

/// Which numbers an estimate may stand for: a set that holds each number, its neighbours, and some by mistake.
///
/// Doubles side by side differ by one in their bits, so numbers that differ in the last bits only share the
/// bits above those.
#[derive(Debug, Default)]
struct NearNumbers {
    set: HashSet<u64, foldhash::fast::FixedState>,
}

/// The bits that may differ: a step here is many times the margin of an estimate.
const NEAR_BITS: u32 = 6;

impl NearNumbers {
    fn insert(&mut self, number: f64) {
        let margin = number.abs() * Estimate::MARGIN * 2.0;
        let ends = [number - margin, number, number + margin];
        self.set.extend(ends.map(|end| end.to_bits() >> NEAR_BITS));
    }

    #[inline]
    fn may_hold(&self, near: f64) -> bool {
        self.set.contains(&(near.to_bits() >> NEAR_BITS))
    }
}

/// Prefixes or suffixes, and what hangs on them. A value costs one look-up per distinct length.
#[derive(Debug, Default)]
struct Affixes {
    /// Ascending.
    lengths: Vec<usize>,
    postings: TextTable,
}

impl HeapBytes for Affixes {
    fn heap_bytes(&self) -> usize {
        vec_bytes(&self.lengths) + self.postings.heap_bytes()
    }
}

impl Affixes {
    fn hang(&mut self, affix: Box<[u8]>, posting: Posting) {
        if let Err(at) = self.lengths.binary_search(&affix.len()) {
            self.lengths.insert(at, affix.len());
        }
        self.postings.insert(affix, posting);
    }

    /// Calls `visit` with what hangs on the pieces of a value; `cut` gives the piece of a length.
    #[inline]
    fn on<'v, E>(
        &self,
        cut: impl Fn(usize) -> Option<&'v [u8]>,
        visit: impl FnMut(&Posting) -> Result<(), E>,
    ) -> Result<(), E> {
        let pieces = self.lengths.iter().map_while(|length| cut(*length));
        pieces.filter_map(|piece| self.postings.get(piece)).try_for_each(visit)
    }
}
