//! Case-insensitive comparing: each unit of the pattern stands for its lower and its upper form.

use std::collections::BTreeSet;

use crate::units::Units;

/// The spellings that each unit of `pattern` stands for.
fn spellings(pattern: &[u16]) -> Vec<[Units; 2]> {
    let question_mark = [vec![u16::from(b'?')], vec![u16::from(b'?')]];
    pattern
        .iter()
        .map(|unit| match char::from_u32(u32::from(*unit)) {
            None => question_mark.clone(),
            Some(c) => [
                c.to_lowercase().collect::<String>().encode_utf16().collect(),
                c.to_uppercase().collect::<String>().encode_utf16().collect(),
            ],
        })
        .collect()
}

/// Where `pattern` can end in `value` if it begins at its start.
fn ends(pattern: &[u16], value: &[u16]) -> BTreeSet<usize> {
    spellings(pattern).iter().fold(BTreeSet::from([0]), |places, choices| {
        let steps = places.iter().flat_map(|at| choices.iter().map(move |choice| (*at, choice)));
        steps.filter(|(at, choice)| value[*at..].starts_with(choice)).map(|(at, c)| at + c.len()).collect()
    })
}

pub(super) fn equals(pattern: &[u16], value: &[u16]) -> bool {
    ends(pattern, value).contains(&value.len())
}

pub(super) fn begins(pattern: &[u16], value: &[u16]) -> bool {
    !ends(pattern, value).is_empty()
}

pub(super) fn ends_with(pattern: &[u16], value: &[u16]) -> bool {
    (0..=value.len()).any(|start| equals(pattern, &value[start..]))
}
