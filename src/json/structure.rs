//! Finds the structural bytes of a whole event, 64 bytes at a time.
//!
//! The matcher looks at few of an event's values. So the event is first turned into a list of the places
//! where something begins (a bracket, a colon, a comma, a string, another scalar); whoever walks it steps
//! from place to place and never sees the inside of a string that nobody asked for. What can only be seen
//! *inside* strings is checked here, for all of them: control characters, escapes, UTF-8.
//!
//! The method is that of simdjson's first stage (Langdale and Lemire, VLDB Journal 2019): bit masks per
//! block, with a carry from block to block. [`Masks::of`] is all that depends on the width of the machine.

use super::text::{hex4, simple_escape};

/// Bytes of a block; one bit of a mask each.
const BLOCK_BYTES: usize = 64;

/// Where the structure of one text is. Reused from text to text, so that nothing is allocated.
#[derive(Debug, Default)]
pub struct StructuralIndex {
    /// Where each bracket, colon, comma, string and other scalar begins, in order, then the text's length.
    starts: Vec<u32>,
    /// Where each escape inside a string begins, in order.
    escapes: Vec<u32>,
    /// The first place with a fault that only the inside of strings shows.
    fault: Option<u32>,
}

impl StructuralIndex {
    /// Indexes `text`, which must be shorter than 4 GiB.
    pub fn build(&mut self, text: &[u8]) {
        self.starts.clear();
        self.escapes.clear();
        self.fault = None;
        let mut carry = Carry::default();
        let (blocks, tail) = text.as_chunks::<BLOCK_BYTES>();
        for (number, block) in blocks.iter().enumerate() {
            self.block(&Masks::of(block), (number * BLOCK_BYTES) as u32, &mut carry);
        }
        if !tail.is_empty() {
            let mut block = [b' '; BLOCK_BYTES];
            block[..tail.len()].copy_from_slice(tail);
            self.block(&Masks::of(&block), (blocks.len() * BLOCK_BYTES) as u32, &mut carry);
        }
        self.starts.push(text.len() as u32);
        self.check_escapes(text);
        self.check_utf8(text);
    }

    /// Where each token begins, in order; the last is the text's length.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// Where each escape inside a string begins, in order.
    pub fn escapes(&self) -> &[u32] {
        &self.escapes
    }

    /// The first place with a fault inside a string, or with bytes that are not UTF-8.
    pub fn fault(&self) -> Option<u32> {
        self.fault
    }

    fn block(&mut self, masks: &Masks, offset: u32, carry: &mut Carry) {
        let escaped = carry.escaped_by(masks.backslash);
        let quote = masks.quote & !escaped;
        // From each opening quote up to its closing quote, which is left out.
        let in_string = prefix_xor(quote) ^ carry.in_string;
        carry.in_string = ((in_string as i64) >> 63) as u64;
        let outside = !in_string & !quote;
        let scalar = outside & !(masks.structural | masks.whitespace);
        let scalar_start = scalar & !(scalar << 1 | carry.scalar);
        carry.scalar = scalar >> 63;
        push_places(
            &mut self.starts,
            (masks.structural & outside) | (quote & in_string) | scalar_start,
            offset,
        );
        if masks.backslash & in_string != 0 {
            push_places(&mut self.escapes, masks.backslash & in_string & !escaped, offset);
        }
        let control = masks.control & in_string;
        if control != 0 {
            self.note_fault(offset + control.trailing_zeros());
        }
    }

    fn check_escapes(&mut self, text: &[u8]) {
        let bad = self.escapes.iter().find(|at| !is_escape(&text[**at as usize + 1..]));
        if let Some(at) = bad.copied() {
            self.note_fault(at);
        }
    }

    fn check_utf8(&mut self, text: &[u8]) {
        if simdutf8::basic::from_utf8(text).is_err() {
            let valid = simdutf8::compat::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len);
            self.note_fault(valid as u32);
        }
    }

    fn note_fault(&mut self, at: u32) {
        self.fault = Some(self.fault.map_or(at, |first| first.min(at)));
    }
}

fn is_escape(behind_backslash: &[u8]) -> bool {
    match behind_backslash.first() {
        Some(b'u') => hex4(behind_backslash.get(1..5)).is_some(),
        Some(letter) => simple_escape(*letter).is_some(),
        None => false,
    }
}

fn push_places(places: &mut Vec<u32>, mut mask: u64, offset: u32) {
    while mask != 0 {
        places.push(offset + mask.trailing_zeros());
        mask &= mask - 1;
    }
}

/// What one block tells the next.
#[derive(Default)]
struct Carry {
    /// All ones if the block before ended inside a string.
    in_string: u64,
    /// 1 if the block before ended with a scalar's byte.
    scalar: u64,
    /// 1 if the block before ended with a backslash that escapes.
    escape: u64,
}

impl Carry {
    /// The bytes that a backslash before them escapes. A backslash that is itself escaped escapes nothing.
    fn escaped_by(&mut self, backslash: u64) -> u64 {
        if backslash == 0 {
            return std::mem::take(&mut self.escape);
        }
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let unescaped = backslash & !self.escape;
        let follows = unescaped << 1 | self.escape;
        // Adding carries through each run of backslashes; where a run that began on an odd bit ends tells
        // whether the run was odd.
        let odd_starts = unescaped & !EVEN & !follows;
        let (runs, overflow) = odd_starts.overflowing_add(unescaped);
        self.escape = u64::from(overflow);
        (EVEN ^ (runs << 1)) & follows
    }
}

/// Which bytes of a block are what.
struct Masks {
    backslash: u64,
    quote: u64,
    /// `{}[]:,`
    structural: u64,
    whitespace: u64,
    /// Below 0x20.
    control: u64,
}

impl Masks {
    fn of(block: &[u8; BLOCK_BYTES]) -> Masks {
        Masks {
            backslash: bits(block, |byte| byte == b'\\'),
            quote: bits(block, |byte| byte == b'"'),
            // Setting bit 5 maps `[` to `{` and `]` to `}`, and no other byte to either.
            structural: bits(block, |byte| {
                (byte | 0x20 == b'{') | (byte | 0x20 == b'}') | (byte == b':') | (byte == b',')
            }),
            whitespace: bits(block, |byte| {
                (byte == b' ') | (byte == b'\n') | (byte == b'\r') | (byte == b'\t')
            }),
            control: bits(block, |byte| byte < 0x20),
        }
    }
}

/// One bit per byte, lowest first.
#[inline]
fn bits(block: &[u8; BLOCK_BYTES], is: impl Fn(u8) -> bool) -> u64 {
    let mut mask = 0;
    for (group, bytes) in block.chunks_exact(8).enumerate() {
        let mut byte_mask = 0;
        for (bit, byte) in bytes.iter().enumerate() {
            byte_mask |= u64::from(is(*byte)) << bit;
        }
        mask |= byte_mask << (group * 8);
    }
    mask
}

/// Each bit becomes the parity of itself and all bits below it.
fn prefix_xor(mut mask: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        mask ^= mask << shift;
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(text: &[u8]) -> StructuralIndex {
        let mut index = StructuralIndex::default();
        index.build(text);
        index
    }

    /// The same by going through the text byte by byte.
    fn plain_starts(text: &[u8]) -> Vec<u32> {
        let (mut starts, mut in_string, mut escaped, mut in_scalar) = (Vec::new(), false, false, false);
        for (at, byte) in text.iter().enumerate() {
            let was_scalar = std::mem::take(&mut in_scalar);
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' if in_string => in_string = false,
                _ if in_string => {}
                b'"' => {
                    in_string = true;
                    starts.push(at as u32);
                }
                b'{' | b'}' | b'[' | b']' | b':' | b',' => starts.push(at as u32),
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => {
                    in_scalar = true;
                    if !was_scalar {
                        starts.push(at as u32);
                    }
                }
            }
        }
        starts.push(text.len() as u32);
        starts
    }

    #[test]
    fn starts_are_the_same_wherever_blocks_end() {
        let text = br#"{"a\\\"b" : [ -1.5e3,true , "", "\\", "x\\\\"], "c{}":{"d":null}} "#;
        for shift in 0..130 {
            let shifted = [vec![b' '; shift], text.to_vec()].concat();
            assert_eq!(index(&shifted).starts(), plain_starts(&shifted), "shifted by {shift}");
            assert_eq!(index(&shifted).fault(), None);
        }
    }

    #[test]
    fn runs_of_backslashes_are_counted_across_blocks() {
        for run in 0..200 {
            let text = [b"[\"".to_vec(), vec![b'\\'; run], b"\",1]\"]".to_vec()].concat();
            assert_eq!(index(&text).starts(), plain_starts(&text), "{run} backslashes");
            assert_eq!(index(&text).escapes().len(), run.div_ceil(2));
        }
    }

    #[test]
    fn faults_inside_strings_are_found_first_one_first() {
        assert_eq!(index(b"[\"a\x01\x02\"]").fault(), Some(3));
        assert_eq!(index(br#"["a\q","\x"]"#).fault(), Some(3));
        assert_eq!(index(br#"["\u12g4"]"#).fault(), Some(2));
        assert_eq!(index(b"[\"\xff\"]").fault(), Some(2));
        assert_eq!(index(b"\t[\n]").fault(), None);
    }
}
