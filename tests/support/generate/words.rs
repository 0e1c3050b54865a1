//! The small alphabets from which names, strings, numbers and addresses come, so that they often collide.

use super::super::rng::Rng;
use super::json::lone_surrogate;
use super::{Corners, Settings};

const NAMES: [&str; 14] = ["a", "b", "c", "d", "a", "b", "c", "a.b", "a-c", "ab", "b.c", "detail", "é", "A"];
const ODD_NAMES: [&str; 12] =
    ["", "", ".", "a.", ".a", "a..b", "$or", "prefix", "exists", "\u{1f600}", "a\"b", "b\\"];
/// Names that are operators, or almost.
pub const OPERATOR_NAMES: [&str; 9] = [
    "prefix",
    "exists",
    "numeric",
    "=",
    "<=",
    "regex",
    "date-after",
    "in-date-range",
    "ip-address-not-in-range",
];

const PIECES: [&str; 24] = [
    "a", "b", "c", "ab", "aa", "A", "B", "a", "b", "-", ".", "/", "*", "?", "\\", "\"", "1", "é", " ", "x",
    ":", "aab", "abab", "i-",
];
const FOLDING: [&str; 34] = [
    "ß",
    "ẞ",
    "SS",
    "ss",
    "İ",
    "i\u{307}",
    "i",
    "I",
    "ı",
    "ς",
    "Σ",
    "σ",
    "\u{212a}",
    "k",
    "K",
    "ﬀ",
    "FF",
    "ff",
    "µ",
    "Μ",
    "μ",
    "ŉ",
    "ʼN",
    "ǆ",
    "ǅ",
    "Ǆ",
    "\u{1f600}",
    "??",
    "?",
    "\u{10428}",
    "\u{10400}",
    "É",
    "é",
    "Å",
];
const WHOLE: [&str; 16] = [
    "",
    "aws.ec2",
    "running",
    "true",
    "null",
    "1",
    "1.0",
    "::1",
    "192.168.0.1",
    "\u{0}",
    "\n",
    "ab\"",
    "\"ab",
    "**",
    "\\*",
    "EC2 Instance State-change Notification",
];

/// Numbers in groups of equal value or of neighbours that are easily confused.
const NUMBERS: [&[&str]; 17] = [
    &["798725235158264.25", "798725235158264.2", "798725235158264.3", "798725235158264.18945"],
    &["1", "1.0", "1e0", "10e-1", "0.1e1", "1.00", "1E+0", "1.0000000000000001", "1.0000000000000002"],
    &["0", "-0", "0.0", "-0.0", "0e5", "0E-400", "1e-400", "5e-324", "4.9e-324"],
    &["0.1", "1e-1", "0.10", "0.1000000000000000055511151231257827", "0.10000000000000001", "100e-3"],
    &["9007199254740991", "9007199254740992", "9007199254740992.0", "9007199254740994"],
    &["9007199254740993", "9007199254740993e0", "9007199254740993.0", "9007199254740992"],
    &["1e308", "1.7976931348623157e308", "1.7976931348623159e308", "1e309", "1e400", "-1e400", "10e307"],
    &["12345678901234567", "1234567890123456.7", "123456789012345678", "12345678901234568"],
    &["0.3", "0.30000000000000004", "3e-1", "0.30"],
    &["-1", "-1.0", "-10e-1", "-5", "-0.5"],
    &["5000000000", "5e9", "5000000001", "-5000000000", "5000000000.000001"],
    &["1e16", "10000000000000000", "1e22", "1e23", "9.999999999999999e22", "100000000000000000000000"],
    &["0.00001", "1e-5", "0.0001", "123e-7", "1.23e-5"],
    &["1250", "1250.0", "125e1", "10", "12", "12000000", "12FFFFFF"],
    &["2", "3", "3.5", "2.0", "20e-1", "2.5"],
    &["300", "3.0e2", "300.0", "30e1", "3e2"],
    &["0", "1", "2", "10", "100", "0.5", "-5"],
];

/// A member name that is likely to be used elsewhere too.
pub fn name(rng: &mut Rng) -> String {
    match rng.below(40) {
        0 => rng.pick(&ODD_NAMES).to_owned(),
        1 if rng.percent(20) => lone(rng).to_string(),
        _ => rng.pick(&NAMES).to_owned(),
    }
}

/// A string of any kind, mostly short.
pub fn string(rng: &mut Rng, settings: Settings) -> String {
    match rng.below(20) {
        0..3 => rng.pick(&WHOLE).to_owned(),
        3 => address(rng, settings),
        4 => folding(rng),
        5 if rng.percent(50) => format!("{}{}{}", short(rng), lone(rng), short(rng)),
        _ => short(rng),
    }
}

/// Up to three pieces.
pub fn short(rng: &mut Rng) -> String {
    let pieces = rng.weighted(&[(1, 0), (8, 1), (8, 2), (4, 3)]);
    let mut text: String = (0..pieces).map(|_| rng.pick(&PIECES)).collect();
    if rng.one_in(100) {
        text.push(lone(rng));
    }
    text
}

/// Text whose case is hard to fold.
pub fn folding(rng: &mut Rng) -> String {
    let mut text: String = (0..rng.between(1, 3))
        .map(|_| if rng.percent(30) { rng.pick(&PIECES) } else { rng.pick(&FOLDING) })
        .collect();
    if rng.one_in(25) {
        text.push(lone(rng));
    }
    text
}

/// Half of a surrogate pair, or two in the wrong order.
pub fn lone(rng: &mut Rng) -> char {
    lone_surrogate([0xd800, 0xdfff, 0xd83d, 0xde00][rng.below(4)])
}

/// The spelling of some number.
pub fn number(rng: &mut Rng) -> String {
    if rng.one_in(12) {
        return odd_number(rng);
    }
    // The last groups are the common ones.
    let from = if rng.percent(50) { 13 } else { 0 };
    let group = NUMBERS[rng.between(from, NUMBERS.len() - 1)];
    let spelling = rng.pick(group);
    if spelling.contains('F') { "12000001".to_owned() } else { spelling.to_owned() }
}

fn odd_number(rng: &mut Rng) -> String {
    let digits = rng.between(1, 19);
    let mut spelling: String = (0..digits).map(|_| char::from(b'1' + rng.below(9) as u8)).collect();
    if rng.percent(40) {
        spelling.insert(rng.between(1, digits), '.');
        spelling.push('5');
    }
    if rng.percent(30) {
        spelling.push_str(&format!("e{}", rng.between(0, 600) as i64 - 300));
    }
    if rng.percent(20) { format!("-{spelling}") } else { spelling }
}

/// Another spelling of the same number.
pub fn respelled(rng: &mut Rng, spelling: &str) -> String {
    if rng.percent(40) {
        return spelling.to_owned();
    }
    if spelling == "0" {
        return rng.pick(&["-0", "0.0", "0e7", "-0.0e-3"]).to_owned();
    }
    match (spelling.contains(['e', 'E']), spelling.contains('.')) {
        (true, _) => spelling.replace('e', "E"),
        (false, true) => format!("{spelling}{}", rng.pick(&["0", "e0", "00", "0e+0"])),
        (false, false) => format!("{spelling}{}", rng.pick(&[".0", "e0", "0e-1", ".00E0", "E+0"])),
    }
}

/// A number close to `spelling`, or just another one.
pub fn near_number(rng: &mut Rng, spelling: &str) -> String {
    let value: f64 = spelling.parse().unwrap_or(0.0);
    let near = match rng.below(6) {
        0 => value + 1.0,
        1 => value - 1.0,
        2 => value * 10.0,
        3 => f64::from_bits(value.to_bits() ^ 1),
        4 => value + 0.5,
        _ => f64::NAN,
    };
    if near.is_finite() { number_text(near) } else { number(rng) }
}

/// `value` as JSON; integers without a fraction.
pub fn number_text(value: f64) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

const OCTETS: [u8; 12] = [0, 1, 10, 18, 52, 86, 120, 127, 128, 192, 168, 255];
const GROUPS: [u16; 12] = [0, 0, 0, 0, 1, 0xffff, 0xa00, 0x2001, 0xdb8, 0xfe80, 0x8000, 0x12];
const LOOK_ALIKES: [&str; 18] = [
    "999.1.1.1",
    "1:2",
    "1.2.3",
    "::ffff:1.2.3.4",
    "1::2::3",
    ":::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "::g",
    "10.0.0.1 ",
    "fe80::1%eth0",
    "1:2:3:4:5:6:7::",
    "::2:3:4:5:6:7:8",
    "1::2:3:4:5:6:7:8",
    "1.2.3.4.5",
    "::10000",
    "256.0.0.1",
    ":1:2:3:4:5:6:7",
];

/// An IP address, or what looks like one.
pub fn address(rng: &mut Rng, settings: Settings) -> String {
    if rng.percent(10) {
        return rng.pick(&LOOK_ALIKES).to_owned();
    }
    if rng.percent(55) {
        let mut octets: [u8; 4] = std::array::from_fn(|_| OCTETS[rng.below(OCTETS.len())]);
        if settings.corners == Corners::SettledByModel {
            // No number and no IPv6 address made here starts with these as hexadecimal digits.
            octets[0] = if rng.percent(50) { 192 } else { 127 };
        }
        spelled_v4(rng, octets)
    } else {
        let groups: [u16; 8] = std::array::from_fn(|_| GROUPS[rng.below(GROUPS.len())]);
        spelled_v6(rng, groups)
    }
}

/// An IPv4 address in one of its spellings, now and then one that only looks like it.
pub fn spelled_v4(rng: &mut Rng, octets: [u8; 4]) -> String {
    let [a, b, c, d] = octets;
    match rng.below(20) {
        0..14 => format!("{a}.{b}.{c}.{d}"),
        14..17 => format!("{a:03}.{b}.{c:02}.{d:04}"),
        17..19 => format!("::ffff:{:x}:{:x}", u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])),
        _ => format!("::ffff:{a}.{b}.{c}.{d}"),
    }
}

/// An IPv6 address in one of its spellings.
pub fn spelled_v6(rng: &mut Rng, groups: [u16; 8]) -> String {
    let width = rng.weighted(&[(6, 1), (2, 4), (1, 5), (1, 2)]);
    let upper = rng.percent(30);
    let mut texts: Vec<String> = groups
        .iter()
        .map(|group| if upper { format!("{group:0width$X}") } else { format!("{group:0width$x}") })
        .collect();
    let zeros = groups.iter().position(|group| *group == 0).filter(|_| rng.percent(60));
    let Some(start) = zeros else { return texts.join(":") };
    let run = groups[start..].iter().take_while(|group| **group == 0).count();
    let end = start + rng.between(1, run);
    let tail = texts.split_off(end);
    texts.truncate(start);
    format!("{}::{}", texts.join(":"), tail.join(":"))
}
