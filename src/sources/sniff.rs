//! Tells from its first bytes how an input is read.

use super::SourceProblem;

/// Bytes that are enough to tell.
pub(super) const SNIFF_BYTES: usize = 64;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How an input is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Documents,
    LogExport,
    Refused(SourceProblem),
}

const UNPACK: &str = "unpack it first";
const AS_JSON: &str = "convert it to JSON lines first";

/// Formats in which people have events, by their first bytes, with the way out.
const FOREIGN: [(&[u8], &str, &str); 9] = [
    (b"BZh", "bzip2", UNPACK),
    (b"\xfd7zXZ\0", "xz", UNPACK),
    (b"PK\x03\x04", "zip", UNPACK),
    (b"7z\xbc\xaf", "7z", UNPACK),
    (b"\x04\x22\x4d\x18", "lz4", UNPACK),
    (b"\xff\x06\x00\x00sNaPpY", "snappy", UNPACK),
    (b"PAR1", "Parquet", AS_JSON),
    (b"Obj\x01", "Avro", AS_JSON),
    (b"ORC", "ORC", AS_JSON),
];

/// Looks at the first bytes of an input, at least [`SNIFF_BYTES`] unless it is shorter.
pub(super) fn sniff(start: &[u8]) -> Kind {
    if matches!(start, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [b'{' | b'[', 0, ..] | [0, b'{' | b'[', ..]) {
        let fix = "convert it to UTF-8, for example with `iconv -f UTF-16 -t UTF-8`";
        return Kind::Refused(SourceProblem::UnsupportedFormat { format: "UTF-16 text", fix });
    }
    if let Some((_, format, fix)) = FOREIGN.iter().find(|(magic, ..)| start.starts_with(magic)) {
        return Kind::Refused(SourceProblem::UnsupportedFormat { format, fix });
    }
    let text = start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start);
    if message_start(text).is_some() { Kind::LogExport } else { Kind::Documents }
}

/// Where the message starts in a line of exported logs: `2026-03-04T05:06:01.000Z message`.
///
/// `aws logs tail` prints an offset instead of the `Z`, and the stream before the message.
pub(super) fn message_start(line: &[u8]) -> Option<usize> {
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let seconds = line.get(..shape.len())?;
    let fits = |(byte, shape): (&u8, &u8)| if *shape == b'd' { byte.is_ascii_digit() } else { byte == shape };
    seconds.iter().zip(shape).all(fits).then_some(())?;
    let fraction = line[shape.len()..].iter().take_while(|byte| matches!(byte, b'.' | b'0'..=b'9')).count();
    let rest = &line[shape.len() + fraction..];
    let (zone, stream) = match rest {
        [b'Z', ..] => (1, 0),
        [b'+' | b'-', _, _, b':', _, _, ..] => (6, stream_len(rest.get(7..).unwrap_or_default())),
        _ => return None,
    };
    let start = shape.len() + fraction + zone;
    match line.get(start) {
        Some(b' ') => Some(start + 1 + stream),
        None | Some(b'\n' | b'\r') => Some(start),
        Some(_) => None,
    }
}

/// The length of a stream's name and the space behind it, if an object follows.
fn stream_len(text: &[u8]) -> usize {
    let name = text.iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
    let object_follows = !text.starts_with(b"{") && text[name..].starts_with(b" {");
    if object_follows { name + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_of_exported_logs_are_told_from_other_text() {
        let message = |line: &'static str| message_start(line.as_bytes()).map(|start| &line[start..]);
        assert_eq!(message("2026-03-04T05:06:01.000Z {}"), Some("{}"));
        assert_eq!(message("2026-03-04T05:06:01Z"), Some(""));
        assert_eq!(message("2026-03-04T05:06:01.000000+00:00 a/b {}"), Some("{}"));
        assert_eq!(message("2026-03-04T05:06:01+00:00 {} {"), Some("{} {"));
        assert_eq!(message("2026-03-04 05:06:01 {}"), None);
        assert_eq!(message("2026-03-04T05:06:01.000Zebra"), None);
        assert_eq!(message("{\"time\":\"2026-03-04T05:06:01Z\"}"), None);
    }
}
