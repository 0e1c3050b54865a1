//! IP addresses as event-ruler compares them: upper-case hexadecimal text of 8 or 32 digits.

/// The hexadecimal text of an address; `None` if `text` is none.
///
/// A dotted quad inside an IPv6 address makes it plain text; a mapped address written in hexadecimal is the
/// IPv4 address.
pub fn hex(text: &str) -> Option<String> {
    bytes(text).map(|bytes| bytes.iter().map(|byte| format!("{byte:02X}")).collect())
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    if text.contains(':') { v6(text) } else { v4(text) }
}

fn v4(text: &str) -> Option<Vec<u8>> {
    let octets: Option<Vec<u8>> = text.split('.').map(octet).collect();
    octets.filter(|octets| octets.len() == 4)
}

fn octet(text: &str) -> Option<u8> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        return None;
    }
    match text.trim_start_matches('0') {
        "" => Some(0),
        significant => significant.parse().ok(),
    }
}

fn v6(text: &str) -> Option<Vec<u8>> {
    let groups = match text.split_once("::") {
        None => groups(text)?,
        Some((left, right)) => {
            let (left, right) = (groups_or_none(left)?, groups_or_none(right)?);
            let missing = 8_usize.checked_sub(left.len() + right.len()).filter(|missing| *missing > 0)?;
            [left, vec![0; missing], right].concat()
        }
    };
    if groups.len() != 8 {
        return None;
    }
    let bytes: Vec<u8> = groups.iter().flat_map(|group| group.to_be_bytes()).collect();
    let mapped = bytes[..10].iter().all(|byte| *byte == 0) && bytes[10..12] == [0xff, 0xff];
    Some(if mapped { bytes[12..].to_vec() } else { bytes })
}

fn groups_or_none(text: &str) -> Option<Vec<u16>> {
    if text.is_empty() { Some(Vec::new()) } else { groups(text) }
}

fn groups(text: &str) -> Option<Vec<u16>> {
    text.split(':').map(group).collect()
}

fn group(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !digits {
        return None;
    }
    match text.trim_start_matches('0') {
        "" => Some(0),
        significant => u16::from_str_radix(significant, 16).ok(),
    }
}

/// A range of addresses, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressRange {
    low: String,
    high: String,
}

impl AddressRange {
    /// The range that holds one address.
    pub fn one(text: &str) -> Option<AddressRange> {
        hex(text).map(|hex| AddressRange { low: hex.clone(), high: hex })
    }

    /// The range that `10.0.0.0/8` and the like describe.
    pub fn of_cidr(text: &str) -> Result<AddressRange, &'static str> {
        // As in Java, trailing empty pieces do not count.
        let (base, mask) = text.trim_end_matches('/').split_once('/').ok_or("one `/` required")?;
        let base = bytes(base).ok_or("not an address")?;
        let mask_bits = mask_bits(mask).ok_or("mask bits must be an integer")?;
        if mask_bits >= base.len() * 8 {
            return Err("too many mask bits");
        }
        let bit_set = |index: usize| index >= mask_bits;
        let (low, high): (String, String) = base
            .iter()
            .enumerate()
            .map(|(at, byte)| {
                let host =
                    (0..8).filter(|bit| bit_set(at * 8 + bit)).fold(0, |host, bit| host | 0x80_u8 >> bit);
                (format!("{:02X}", byte & !host), format!("{:02X}", byte | host))
            })
            .unzip();
        Ok(AddressRange { low, high })
    }

    /// Whether `hex`, an address or the text of a number, is inside: compared left to right as strings.
    pub fn contains(&self, hex: &str) -> bool {
        let start = hex.get(..self.high.len()).unwrap_or(hex);
        self.low.as_str() <= hex && start <= self.high.as_str()
    }
}

fn mask_bits(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    all_digits.then(|| digits.parse().unwrap_or(usize::MAX))
}
