//! IP addresses as the engine sees them: upper-case hexadecimal text.
//!
//! That view leaks: families are not kept apart, and a bare number is compared as if its digits were such
//! text. Both are recorded from AWS, so addresses here are compared as text too.

use std::net::Ipv6Addr;

/// An address in any spelling that the engine reads. An IPv4-mapped IPv6 address is the IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IpAddress {
    /// Four bytes.
    V4([u8; 4]),
    /// Sixteen bytes.
    V6([u8; 16]),
}

impl IpAddress {
    /// Reads an address; `None` for whatever the engine takes for a plain string.
    pub fn parse(text: &[u8]) -> Option<IpAddress> {
        match text.first()? {
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b':' => {}
            _ => return None,
        }
        if memchr::memchr(b':', text).is_some() { parse_v6(text) } else { parse_v4(text).map(IpAddress::V4) }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            IpAddress::V4(bytes) => bytes,
            IpAddress::V6(bytes) => bytes,
        }
    }

    /// The address as upper-case hexadecimal text of 8 or 32 digits.
    pub fn hex(&self) -> HexText {
        HexText::of(self.bytes())
    }
}

/// Octets of any length, leading zeros read as decimal.
fn parse_v4(text: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let mut parts = text.split(|byte| *byte == b'.');
    for octet in &mut octets {
        *octet = parse_octet(parts.next()?)?;
    }
    parts.next().is_none().then_some(octets)
}

fn parse_octet(digits: &[u8]) -> Option<u8> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u8, |value, digit| {
        let digit = digit.is_ascii_digit().then(|| digit - b'0')?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// A group may have more than four digits if its value fits; spellings with a dotted quad or a zone are
/// plain strings.
fn parse_v6(text: &[u8]) -> Option<IpAddress> {
    if text.contains(&b'.') || text.contains(&b'%') {
        return None;
    }
    let groups: Vec<&[u8]> = text.split(|byte| *byte == b':').map(without_leading_zeros).collect();
    let spelling = String::from_utf8(groups.join(&b':')).ok()?;
    let bytes = spelling.parse::<Ipv6Addr>().ok()?.octets();
    match bytes {
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d] => Some(IpAddress::V4([a, b, c, d])),
        _ => Some(IpAddress::V6(bytes)),
    }
}

fn without_leading_zeros(group: &[u8]) -> &[u8] {
    match group.iter().position(|digit| *digit != b'0') {
        Some(at) => &group[at..],
        None => &group[..group.len().min(1)],
    }
}

/// Up to 32 upper-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HexText {
    digits: [u8; 32],
    len: usize,
}

impl HexText {
    fn of(bytes: &[u8]) -> HexText {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        let mut digits = [0; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
            pair.copy_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 0xf)]]);
        }
        HexText { digits, len: bytes.len() * 2 }
    }

    /// The digits.
    pub fn as_bytes(&self) -> &[u8] {
        &self.digits[..self.len]
    }
}

/// The addresses of a `cidr` test.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AddressRange {
    low: HexText,
    high: HexText,
}

/// Why a text is no address range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AddressRangeFault {
    NoAddress,
    NoMask,
    MaskTooLong { bits_max: u32 },
}

impl AddressRange {
    /// Reads `address/bits`. Host bits are masked; `/08`, `/+8` and `/8/` are accepted.
    pub(super) fn parse(text: &[u8]) -> Result<AddressRange, AddressRangeFault> {
        let mut parts: Vec<&[u8]> = text.split(|byte| *byte == b'/').collect();
        while parts.len() > 1 && parts.last().is_some_and(|part| part.is_empty()) {
            parts.pop();
        }
        let [address, mask] = parts[..] else { return Err(AddressRangeFault::NoMask) };
        let address = IpAddress::parse(address).ok_or(AddressRangeFault::NoAddress)?;
        let bits = parse_mask(mask).ok_or(AddressRangeFault::NoMask)?;
        let bits_all = address.bytes().len() as u32 * 8;
        if bits >= bits_all {
            return Err(AddressRangeFault::MaskTooLong { bits_max: bits_all - 1 });
        }
        Ok(AddressRange {
            low: masked(address.bytes(), bits, |byte, host| byte & !host),
            high: masked(address.bytes(), bits, |byte, host| byte | host),
        })
    }

    /// The range of one address, which is what a bare string that spells an address means to the engine.
    ///
    /// It contains exactly the texts that begin with the address's digits, so that an IPv4 address stands
    /// for the IPv6 addresses that begin like it, and for the number of the same digits.
    pub(super) fn single(address: IpAddress) -> AddressRange {
        AddressRange { low: address.hex(), high: address.hex() }
    }

    /// Whether a string that spells `address` is inside.
    pub fn contains_address(&self, address: IpAddress) -> bool {
        self.contains_text(address.hex().as_bytes())
    }

    /// Whether `text` is inside when compared as if it were hexadecimal digits: `low <= text`, and its
    /// first characters are not above `high`.
    pub fn contains_text(&self, text: &[u8]) -> bool {
        let high = self.high.as_bytes();
        self.low.as_bytes() <= text && &text[..text.len().min(high.len())] <= high
    }

    /// The two ends as hexadecimal text; they identify the range.
    pub fn ends(&self) -> (&[u8], &[u8]) {
        (self.low.as_bytes(), self.high.as_bytes())
    }
}

fn parse_mask(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"+").unwrap_or(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(
        digits
            .iter()
            .fold(0_u32, |value, digit| value.saturating_mul(10).saturating_add(u32::from(digit - b'0'))),
    )
}

/// `change(byte, host)` for each byte, where `host` has the bits behind the first `bits` set.
fn masked(bytes: &[u8], bits: u32, change: fn(u8, u8) -> u8) -> HexText {
    let mut ends = [0_u8; 16];
    for (index, (end, byte)) in ends.iter_mut().zip(bytes).enumerate() {
        let network_bits = bits.saturating_sub(index as u32 * 8).min(8);
        *end = change(*byte, 0xff_u16.wrapping_shr(network_bits) as u8);
    }
    HexText::of(&ends[..bytes.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<IpAddress> {
        IpAddress::parse(text.as_bytes())
    }

    fn range(text: &str) -> AddressRange {
        AddressRange::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn spellings_of_one_address_are_equal() {
        assert_eq!(address("::1"), address("0:0:0:0:0:0:0:00001"));
        assert_eq!(address("10.0.0.1"), address("010.0.0.001"));
        assert_eq!(address("::ffff:a00:1"), address("10.0.0.1"));
        for plain in
            ["999.1.1.1", "1:2", "::ffff:10.0.0.1", "fe80::1%eth0", "1.2.3", "1.2.3.4.5", "", "1.2.3.", "x"]
        {
            assert_eq!(address(plain), None, "{plain}");
        }
    }

    #[test]
    fn ranges_are_compared_as_hexadecimal_text() {
        assert!(range("10.0.0.77/8").contains_address(address("10.255.0.1").unwrap()));
        assert!(range("10.0.0.0/8").contains_address(address("a00::1").unwrap()));
        assert!(range("18.0.0.0/8").contains_text(b"1250"));
        assert!(range("0.0.0.0/0").contains_text(b"1"));
        assert!(!range("0.0.0.0/0").contains_text(b"0"));
        assert!(AddressRange::single(address("18.52.86.120").unwrap()).contains_text(b"12345678"));
        assert!(
            range("128.0.0.0/1")
                .contains_address(address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").unwrap())
        );
    }

    #[test]
    fn masks_are_read_leniently_but_never_cover_one_address() {
        for text in ["10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/8/"] {
            assert_eq!(range(text), range("10.0.0.0/8"), "{text}");
        }
        let fault = |text: &str| AddressRange::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fault("10.0.0.0/32"), AddressRangeFault::MaskTooLong { bits_max: 31 });
        assert_eq!(fault("::/128"), AddressRangeFault::MaskTooLong { bits_max: 127 });
        assert_eq!(fault("::ffff:a00:0/104"), AddressRangeFault::MaskTooLong { bits_max: 31 });
        assert_eq!(fault("10.0.0.0"), AddressRangeFault::NoMask);
        assert_eq!(fault("10.0.0.0/8/8"), AddressRangeFault::NoMask);
        assert_eq!(fault("10.0.0/8"), AddressRangeFault::NoAddress);
        assert_eq!(fault("/8"), AddressRangeFault::NoAddress);
    }
}
