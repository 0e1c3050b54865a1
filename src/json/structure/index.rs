//! The index of one text.

use super::blocks::{BLOCK_BYTES, BlockReader, Carry, RareMasks, Work};
use super::grammar::{OpenContainers, Tokens, Unclear};
use super::instructions::InstructionSet;
use super::numbers::NumberCarry;
use crate::json::text::{hex4, simple_escape};

/// Where the structure of one text is. Reused from text to text, so that nothing is allocated.
#[derive(Debug)]
pub struct StructuralIndex {
    instructions: InstructionSet,
    found: Found,
    /// Of each opening bracket, the number of the closing one; means nothing elsewhere.
    partners: Vec<u32>,
    open: Box<OpenContainers>,
}

/// What the blocks of a text add up to.
#[derive(Debug, Default)]
struct Found {
    /// Where each bracket, colon, comma, string and other scalar begins, in order, then the text's length;
    /// `tokens` and one of them, with room for one block more behind.
    starts: Vec<u32>,
    /// The first bytes of the tokens, then at least a block of zeros.
    kinds: Vec<u8>,
    tokens: usize,
    /// Where each escape inside a string begins, in order.
    escapes: Vec<u32>,
    has_exponents: bool,
    sums: Sums,
}

/// The blocks' masks of what matters only if it is anywhere.
#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    /// Of numbers, and of characters inside strings.
    faults: u64,
    not_ascii: u64,
}

impl Default for StructuralIndex {
    fn default() -> StructuralIndex {
        StructuralIndex::with_instructions(InstructionSet::best())
    }
}

impl StructuralIndex {
    /// An index that is built with the given instructions.
    pub fn with_instructions(instructions: InstructionSet) -> StructuralIndex {
        let (found, partners, open) = Default::default();
        StructuralIndex { instructions, found, partners, open }
    }

    /// Indexes `text`, which must be shorter than 4 GiB, if it is one valid JSON object.
    ///
    /// # Errors
    /// The text is not surely that; the index then means nothing.
    pub fn build(&mut self, text: &[u8]) -> Result<(), Unclear> {
        let StructuralIndex { instructions, found, partners, open } = self;
        instructions.run(Indexing { found, partners, open, text })?;
        let escapes_are_valid = self.found.escapes.iter().all(|at| is_escape(&text[*at as usize + 1..]));
        let is_utf8 = self.found.sums.not_ascii == 0 || simdutf8::basic::from_utf8(text).is_ok();
        if escapes_are_valid && is_utf8 { Ok(()) } else { Err(Unclear) }
    }

    /// Where each token begins, in order; the last is the text's length.
    #[inline]
    pub fn starts(&self) -> &[u32] {
        &self.found.starts[..=self.found.tokens]
    }

    /// The first byte of each token.
    #[inline]
    pub fn kinds(&self) -> &[u8] {
        &self.found.kinds[..self.found.tokens]
    }

    /// For the number of each opening bracket's token, that of the closing one. What stands elsewhere means
    /// nothing.
    #[inline]
    pub fn partners(&self) -> &[u32] {
        &self.partners[..self.found.tokens]
    }

    /// Whether any number has an exponent.
    #[inline]
    pub fn has_exponents(&self) -> bool {
        self.found.has_exponents
    }

    /// Where each escape inside a string begins, in order.
    #[inline]
    pub fn escapes(&self) -> &[u32] {
        &self.found.escapes
    }
}

/// Indexing one text, to be compiled for some instructions.
struct Indexing<'i> {
    found: &'i mut Found,
    partners: &'i mut Vec<u32>,
    open: &'i mut OpenContainers,
    text: &'i [u8],
}

impl Work for Indexing<'_> {
    type Outcome = Result<(), Unclear>;

    #[inline(always)]
    fn run(self, reader: impl BlockReader) -> Result<(), Unclear> {
        let Indexing { found, partners, open, text } = self;
        found.read(reader, text);
        if found.sums.faults != 0 {
            return Err(Unclear);
        }
        if partners.len() < found.tokens {
            partners.resize(found.tokens, 0);
        }
        let starts = &found.starts[..=found.tokens];
        Tokens { text, starts, kinds: &found.kinds, partners, open }.check(reader)
    }
}

impl Found {
    #[inline(always)]
    fn read(&mut self, reader: impl BlockReader, text: &[u8]) {
        self.escapes.clear();
        // Each byte may begin something, and a block is written as a whole.
        let room = text.len() + 2 * BLOCK_BYTES;
        if self.starts.len() < room {
            self.starts.resize(room, 0);
            self.kinds.resize(room, 0);
        }
        let (starts, kinds) = (&mut self.starts[..], &mut self.kinds[..]);
        let mut reading =
            Reading { starts, kinds, escapes: &mut self.escapes, tokens: 0, sums: Sums::default() };
        let mut carries = Carries::default();
        let (blocks, tail) = text.as_chunks::<BLOCK_BYTES>();
        for (number, block) in blocks.iter().enumerate() {
            reading.block(reader, block, (number * BLOCK_BYTES) as u32, &mut carries);
        }
        if !tail.is_empty() {
            let mut block = [b' '; BLOCK_BYTES];
            block[..tail.len()].copy_from_slice(tail);
            reading.block(reader, &block, (blocks.len() * BLOCK_BYTES) as u32, &mut carries);
        }
        (self.tokens, self.sums) = (reading.tokens, reading.sums);
        self.has_exponents = carries.numbers.has_exponents();
        self.starts[self.tokens] = text.len() as u32;
        self.kinds[self.tokens..][..BLOCK_BYTES].fill(0);
    }
}

/// [`Found`] while it is filled: what changes with each block is not behind a reference.
struct Reading<'r> {
    starts: &'r mut [u32],
    kinds: &'r mut [u8],
    escapes: &'r mut Vec<u32>,
    tokens: usize,
    sums: Sums,
}

impl Reading<'_> {
    #[inline(always)]
    fn block(
        &mut self,
        reader: impl BlockReader,
        block: &[u8; BLOCK_BYTES],
        offset: u32,
        carries: &mut Carries,
    ) {
        let masks = reader.masks(block);
        let rare = if masks.rare == 0 { RareMasks::default() } else { reader.rare_masks(block) };
        let finds = carries.structure.block(reader, &masks, &rare);
        let places = self.starts[self.tokens..][..BLOCK_BYTES].as_mut_array().expect("a block's room");
        let kinds = self.kinds[self.tokens..][..BLOCK_BYTES].as_mut_array().expect("a block's room");
        reader.write_selected(finds.starts, offset, block, places, kinds);
        self.tokens += finds.starts.count_ones() as usize;
        self.sums.faults |= finds.control;
        self.sums.not_ascii |= rare.not_ascii;
        if finds.scalar != 0 || carries.numbers.is_open() {
            self.sums.faults |= carries.numbers.faults(reader, block, finds.scalar, finds.scalar_starts);
        }
        if finds.escapes != 0 {
            note_escapes(finds.escapes, offset, self.escapes);
        }
    }
}

/// What most blocks do not have.
#[cold]
fn note_escapes(mut escapes: u64, offset: u32, places: &mut Vec<u32>) {
    while escapes != 0 {
        places.push(offset + escapes.trailing_zeros());
        escapes &= escapes - 1;
    }
}

/// What one block tells the next.
#[derive(Default)]
struct Carries {
    structure: Carry,
    numbers: NumberCarry,
}

fn is_escape(behind_backslash: &[u8]) -> bool {
    match behind_backslash.first() {
        Some(b'u') => hex4(behind_backslash.get(1..5)).is_some(),
        Some(letter) => simple_escape(*letter).is_some(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tree;

    /// The index, which is the same for all instructions, if the text is one object: the plain reader is
    /// asked, too.
    fn index(text: &[u8]) -> Option<StructuralIndex> {
        let expected = tree::check(text)
            .is_ok_and(|span| text[span.start] == b'{' && text[span.end..].iter().all(is_json_whitespace));
        let mut indices = InstructionSet::available().map(|instructions| {
            let mut index = StructuralIndex::with_instructions(instructions);
            let built = index.build(text).is_ok();
            assert_eq!(built, expected, "{} on {}", instructions.name(), text.escape_ascii());
            index
        });
        let best = indices.next()?;
        let all = |index: &StructuralIndex| {
            (index.starts().to_vec(), index.kinds().to_vec(), index.escapes().to_vec(), pairs(index))
        };
        indices.for_each(|other| assert!(!expected || all(&other) == all(&best), "{}", text.escape_ascii()));
        expected.then_some(best)
    }

    fn is_json_whitespace(byte: &u8) -> bool {
        b" \t\r\n".contains(byte)
    }

    fn pairs(index: &StructuralIndex) -> Vec<(usize, u32)> {
        let opening = |token: &usize| matches!(index.kinds()[*token], b'{' | b'[');
        (0..index.kinds().len()).filter(opening).map(|token| (token, index.partners()[token])).collect()
    }

    /// Where tokens begin, found by going through the text byte by byte.
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

    const OBJECT: &[u8] = br#"{"a\\\"b" : [ -1.5e3,true , "", "\\", "x\\\\", [], [{}]],"c{}":{"d":null}} "#;

    #[test]
    fn tokens_are_the_same_wherever_blocks_end() {
        for shift in 0..130 {
            let shifted = [vec![b' '; shift], OBJECT.to_vec()].concat();
            let index = index(&shifted).unwrap();
            assert_eq!(index.starts(), plain_starts(&shifted), "shifted by {shift}");
            let kinds: Vec<u8> =
                index.starts()[..index.kinds().len()].iter().map(|start| shifted[*start as usize]).collect();
            assert_eq!(index.kinds(), kinds);
        }
    }

    #[test]
    fn brackets_are_paired() {
        let index = index(br#"{"a":[[1],{"b":{}}]}"#).unwrap();
        let places = |(open, close): (usize, u32)| (index.starts()[open], index.starts()[close as usize]);
        let pairs: Vec<(u32, u32)> = pairs(&index).into_iter().map(places).collect();
        assert_eq!(pairs, [(0, 19), (5, 18), (6, 8), (10, 17), (15, 16)]);
    }

    #[test]
    fn any_byte_in_any_place_is_judged_as_the_plain_reader_judges_it() {
        for shift in [0, 7, 40, 55, 63] {
            let shifted = [vec![b' '; shift], OBJECT.to_vec()].concat();
            for at in shift..shifted.len() {
                for byte in 0..=255 {
                    let mut text = shifted.clone();
                    text[at] = byte;
                    index(&text);
                }
            }
        }
    }

    /// Texts of a few pieces, all of them: this is where a rule about neighbours would be missing.
    #[test]
    fn any_few_tokens_in_any_order_are_judged_as_the_plain_reader_judges_them() {
        let pieces: [&[u8]; 10] = [b"{", b"}", b"[", b"]", b":", b",", b"\"k\"", b"1", b" ", b"null"];
        for long in [&b"{"[..], b"{\"a\":", b"{\"a\":[", b"{\"a\":1,", b"{\"a\":[1,", b"{\"a\":{\"b\":[1]"] {
            for number in 0..10_000 {
                let picked =
                    [number / 1000, number / 100 % 10, number / 10 % 10, number % 10].map(|n| pieces[n]);
                let middle = picked.concat();
                for end in [&b"}"[..], b"]}", b"}}"] {
                    index(&[long, &middle, end].concat());
                }
            }
        }
    }

    #[test]
    fn numbers_and_literals_are_judged_as_the_plain_reader_judges_them_across_blocks() {
        let pieces: [&[u8]; 9] = [b"0", b"12", b"-", b"+", b".", b"e", b"E", b"true", b"x"];
        for number in 0..9_usize.pow(4) {
            let picked = [number / 729, number / 81 % 9, number / 9 % 9, number % 9].map(|n| pieces[n]);
            let text = [b"{\"a\":[", &picked.concat()[..], b"]}"].concat();
            index(&text);
            let spaces = vec![b' '; 64 - 7 - number % 8];
            index(&[&spaces[..], &text].concat());
        }
    }

    #[test]
    fn literals_at_the_ends_of_tokens_blocks_are_judged() {
        for tokens in 50..140 {
            for literal in ["true", "false", "null", "nul", "truex", "fals\"e\"", "null5"] {
                let text = format!("{{\"a\":[{}{literal}]}}", "1,".repeat(tokens));
                index(text.as_bytes());
            }
        }
    }

    #[test]
    fn depth_is_limited() {
        use crate::json::DEPTH_MAX;
        let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(index(nested(DEPTH_MAX - 1).as_bytes()).is_some());
        assert!(index(nested(DEPTH_MAX).as_bytes()).is_none());
    }

    #[test]
    fn runs_of_backslashes_are_counted_across_blocks() {
        for run in 0..200 {
            let text = [b"{\"a\":[\"".to_vec(), vec![b'\\'; run], b"\",1]}".to_vec()].concat();
            if let Some(index) = index(&text) {
                assert_eq!(index.starts(), plain_starts(&text), "{run} backslashes");
                assert_eq!(index.escapes().len(), run.div_ceil(2));
            }
        }
    }

    #[test]
    fn exponents_are_noticed() {
        let notices = |text: &str| index(text.as_bytes()).unwrap().has_exponents();
        for shift in 0..70 {
            let spaces = " ".repeat(shift);
            assert!(
                notices(&format!("{{{spaces}\"a\":[true,1e3]}}"))
                    && notices(&format!("{{{spaces}\"e\":1.5E-3}}"))
            );
            assert!(!notices(&format!("{{{spaces}\"1e3\":[true,false,null,1.5,-3]}}")));
        }
        assert!(!notices("{}"));
    }

    #[test]
    fn faults_inside_strings_are_found() {
        for text in [&b"{\"a\x01\":1}"[..], br#"{"a":"\q"}"#, br#"{"a":"\u12g4"}"#, b"{\"a\":\"\xff\"}"] {
            assert!(index(text).is_none());
        }
        assert!(index(b"\t{\n}").is_some());
    }
}
