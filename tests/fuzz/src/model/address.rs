//! IP addresses as upper-case hexadecimal text.

use std::net::Ipv6Addr;

/// The bytes of an address, 4 or 16; `None` for a plain string.
pub(super) fn parse(units: &[u16]) -> Option<Vec<u8>> {
    let text = String::from_utf16(units).ok()?;
    if text.contains(':') { parse_v6(&text) } else { parse_v4(&text) }
}

fn parse_v4(text: &str) -> Option<Vec<u8>> {
    let octets: Vec<&str> = text.split('.').collect();
    if octets.len() != 4 {
        return None;
    }
    octets.into_iter().map(octet).collect()
}

fn octet(digits: &str) -> Option<u8> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let significant = digits.trim_start_matches('0');
    if !plain || significant.len() > 3 {
        return None;
    }
    format!("0{significant}").parse::<u16>().ok()?.try_into().ok()
}

fn parse_v6(text: &str) -> Option<Vec<u8>> {
    if text.contains(['.', '%']) {
        return None;
    }
    let groups = text.split(':').map(|group| match group.trim_start_matches('0') {
        "" if !group.is_empty() => "0",
        shorter => shorter,
    });
    let bytes = groups.collect::<Vec<_>>().join(":").parse::<Ipv6Addr>().ok()?.octets();
    match bytes.strip_prefix(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) {
        Some(mapped) => Some(mapped.to_vec()),
        None => Some(bytes.to_vec()),
    }
}

/// The hexadecimal text of an address.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The two ends of a `cidr` range as hexadecimal text.
pub(super) fn range(units: &[u16]) -> Option<(String, String)> {
    let mut parts: Vec<&[u16]> = units.split(|unit| *unit == u16::from(b'/')).collect();
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    let [address, mask] = parts[..] else { return None };
    let bytes = parse(address)?;
    let mask = String::from_utf16(mask).ok()?;
    let digits = mask.strip_prefix('+').unwrap_or(&mask);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let bits: usize = digits.parse().unwrap_or(usize::MAX);
    if bits >= bytes.len() * 8 {
        return None;
    }
    let with_host_bits = |set: bool| {
        let mut end = bytes.clone();
        for bit in bits..bytes.len() * 8 {
            let host = 0x80 >> (bit % 8);
            if set { end[bit / 8] |= host } else { end[bit / 8] &= !host }
        }
        hex(&end)
    };
    Some((with_host_bits(false), with_host_bits(true)))
}

/// Whether `text`, taken for hexadecimal digits, is inside a range.
pub(super) fn contains((low, high): &(String, String), text: &str) -> bool {
    low.as_str() <= text && &text[..text.len().min(high.len())] <= high.as_str()
}
