//! Addresses at the ends of a range and next to them.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::pattern::{AddressRange, IpAddress};

/// Texts that spell addresses inside and just outside of `range`.
pub(super) fn about(range: &AddressRange) -> Vec<String> {
    let (low, high) = range.ends();
    let Some(digits) = parsed(low).zip(parsed(high)) else { return Vec::new() };
    let (low_value, high_value) = digits;
    let all = if low.len() == 8 { u128::from(u32::MAX) } else { u128::MAX };
    let mut values = vec![low_value, high_value, low_value + (high_value - low_value) / 2];
    values.extend(low_value.checked_sub(1));
    values.extend(high_value.checked_add(1).filter(|above| *above <= all));
    let mut texts: Vec<String> = values.iter().map(|value| spelled(*value, low.len())).collect();
    texts.extend(respelled(low_value, low.len()));
    texts
}

/// The number whose digits are those of the low end: the engine compares bare numbers with addresses so.
pub(super) fn as_number(range: &AddressRange) -> Option<String> {
    let digits = std::str::from_utf8(range.ends().0).ok()?;
    let is_number = !digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| digits.to_owned())
}

fn parsed(digits: &[u8]) -> Option<u128> {
    u128::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn spelled(value: u128, digits: usize) -> String {
    match u32::try_from(value) {
        Ok(value) if digits == 8 => Ipv4Addr::from(value).to_string(),
        _ => {
            let short = Ipv6Addr::from(value).to_string();
            // Spellings with a dotted quad are plain strings to the engine.
            if IpAddress::parse(short.as_bytes()).is_some() { short } else { full(value) }
        }
    }
}

/// The same address in another spelling.
fn respelled(value: u128, digits: usize) -> Option<String> {
    match u32::try_from(value) {
        Ok(value) if digits == 8 => Some(format!("0{}", Ipv4Addr::from(value))),
        _ => Some(full(value)),
    }
}

fn full(value: u128) -> String {
    let groups: Vec<String> = Ipv6Addr::from(value).segments().iter().map(|g| format!("{g:04x}")).collect();
    groups.join(":")
}
