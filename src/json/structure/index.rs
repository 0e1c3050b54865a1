//! The index of one text.

use super::blocks::{BLOCK_BYTES, BlockReader, Carry, Room};
use super::portable::Portable;
#[cfg(target_arch = "x86_64")]
use super::x86::{Avx2, Avx512, Work};
use crate::json::text::{hex4, simple_escape};

/// The instructions that indexing uses. All give the same index.
#[derive(Debug, Clone, Copy)]
pub struct InstructionSet(Reader);

#[derive(Debug, Clone, Copy)]
enum Reader {
    Portable(Portable),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
}

impl InstructionSet {
    /// The fastest that this machine has.
    pub fn best() -> InstructionSet {
        InstructionSet::available().next().unwrap_or(InstructionSet(Reader::Portable(Portable)))
    }

    /// All that this machine has, the fastest first.
    pub fn available() -> impl Iterator<Item = InstructionSet> {
        let portable = [Reader::Portable(Portable)].into_iter();
        #[cfg(target_arch = "x86_64")]
        let readers = Avx512::detect()
            .map(Reader::Avx512)
            .into_iter()
            .chain(Avx2::detect().map(Reader::Avx2))
            .chain(portable);
        #[cfg(not(target_arch = "x86_64"))]
        let readers = portable;
        readers.map(InstructionSet)
    }

    /// The name, for reports.
    pub fn name(self) -> &'static str {
        match self.0 {
            Reader::Portable(_) => "portable",
            #[cfg(target_arch = "x86_64")]
            Reader::Avx2(_) => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Reader::Avx512(_) => "AVX-512",
        }
    }
}

/// Where the structure of one text is. Reused from text to text, so that nothing is allocated.
#[derive(Debug)]
pub struct StructuralIndex {
    instructions: InstructionSet,
    found: Found,
    /// The first place with a fault that only the inside of strings shows.
    fault: Option<u32>,
}

/// What the blocks of a text add up to.
#[derive(Debug, Default)]
struct Found {
    /// Where each bracket, colon, comma, string and other scalar begins, in order, then the text's length;
    /// `starts_len` of them, with room for one block more behind.
    starts: Vec<u32>,
    starts_len: usize,
    /// Where each escape inside a string begins, in order.
    escapes: Vec<u32>,
    /// The first control character inside a string.
    control: Option<u32>,
}

impl Default for StructuralIndex {
    fn default() -> StructuralIndex {
        StructuralIndex::with_instructions(InstructionSet::best())
    }
}

impl StructuralIndex {
    /// An index that is built with the given instructions.
    pub fn with_instructions(instructions: InstructionSet) -> StructuralIndex {
        StructuralIndex { instructions, found: Found::default(), fault: None }
    }

    /// Indexes `text`, which must be shorter than 4 GiB.
    pub fn build(&mut self, text: &[u8]) {
        let found = &mut self.found;
        match self.instructions.0 {
            Reader::Portable(reader) => found.read(reader, text),
            #[cfg(target_arch = "x86_64")]
            Reader::Avx2(reader) => reader.run(Indexing { found, text }),
            #[cfg(target_arch = "x86_64")]
            Reader::Avx512(reader) => reader.run(Indexing { found, text }),
        }
        self.fault = self.found.control;
        self.check_escapes(text);
        self.check_utf8(text);
    }

    /// Where each token begins, in order; the last is the text's length.
    pub fn starts(&self) -> &[u32] {
        &self.found.starts[..self.found.starts_len]
    }

    /// Where each escape inside a string begins, in order.
    pub fn escapes(&self) -> &[u32] {
        &self.found.escapes
    }

    /// The first place with a fault inside a string, or with bytes that are not UTF-8.
    pub fn fault(&self) -> Option<u32> {
        self.fault
    }

    fn check_escapes(&mut self, text: &[u8]) {
        let bad = self.found.escapes.iter().find(|at| !is_escape(&text[**at as usize + 1..]));
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

/// Indexing one text, to be compiled for some instructions.
#[cfg(target_arch = "x86_64")]
struct Indexing<'i> {
    found: &'i mut Found,
    text: &'i [u8],
}

#[cfg(target_arch = "x86_64")]
impl<R: BlockReader> Work<R> for Indexing<'_> {
    #[inline(always)]
    fn run(self, reader: R) {
        self.found.read(reader, self.text);
    }
}

impl Found {
    #[inline(always)]
    fn read(&mut self, reader: impl BlockReader, text: &[u8]) {
        self.starts_len = 0;
        self.escapes.clear();
        self.control = None;
        // Each byte may begin something, and a block is written as a whole.
        let room = text.len() + 2 * BLOCK_BYTES;
        if self.starts.len() < room {
            self.starts.resize(room, 0);
        }
        let mut carry = Carry::default();
        let (blocks, tail) = text.as_chunks::<BLOCK_BYTES>();
        for (number, block) in blocks.iter().enumerate() {
            self.block(reader, block, (number * BLOCK_BYTES) as u32, &mut carry);
        }
        if !tail.is_empty() {
            let mut block = [b' '; BLOCK_BYTES];
            block[..tail.len()].copy_from_slice(tail);
            self.block(reader, &block, (blocks.len() * BLOCK_BYTES) as u32, &mut carry);
        }
        self.starts[self.starts_len] = text.len() as u32;
        self.starts_len += 1;
    }

    #[inline(always)]
    fn block(&mut self, reader: impl BlockReader, block: &[u8; BLOCK_BYTES], offset: u32, carry: &mut Carry) {
        let finds = carry.block(reader, &reader.masks(block));
        let room: &mut Room =
            self.starts[self.starts_len..][..BLOCK_BYTES].as_mut_array().expect("a block's room");
        reader.write_places(finds.starts, offset, room);
        self.starts_len += finds.starts.count_ones() as usize;
        if finds.escapes | finds.control != 0 {
            self.rarities(finds.escapes, finds.control, offset);
        }
    }

    /// What most blocks do not have.
    #[cold]
    fn rarities(&mut self, mut escapes: u64, control: u64, offset: u32) {
        while escapes != 0 {
            self.escapes.push(offset + escapes.trailing_zeros());
            escapes &= escapes - 1;
        }
        if control != 0 && self.control.is_none() {
            self.control = Some(offset + control.trailing_zeros());
        }
    }
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

    /// The index, which is the same for all instructions.
    fn index(text: &[u8]) -> StructuralIndex {
        let mut best = StructuralIndex::default();
        best.build(text);
        for instructions in InstructionSet::available() {
            let mut index = StructuralIndex::with_instructions(instructions);
            index.build(text);
            let all =
                |index: &StructuralIndex| (index.starts().to_vec(), index.escapes().to_vec(), index.fault());
            assert_eq!(all(&index), all(&best), "{} on {text:?}", instructions.name());
        }
        best
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
    fn every_byte_is_what_it_is_at_every_place_of_a_block() {
        for byte in 0..=255 {
            for at in 0..64 {
                let mut text = [b'1'; 80];
                text[at] = byte;
                index(&text);
            }
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
