//! A guess, by counting, whether a text is one object: cheaper than an index, and wrong only on broken text.

use super::blocks::{BLOCK_BYTES, Block, BlockReader, TokenMasks, Work};
use super::instructions::InstructionSet;

/// Whether a text, for all that counting its braces, brackets and quotes can tell, is one whole object.
///
/// Behind an inner brace that closes, no sign of JSON can stand but one that goes on with the object, and the count
/// is not down to zero before the end. Those in strings count too. So this says yes to every object in whose
/// strings braces and brackets are balanced, and to broken text only where strings make up for what is missing
/// outside of them.
pub fn counts_as_one_object(text: &[u8], instructions: InstructionSet) -> bool {
    text.ends_with(b"}") && instructions.run(Counting { text })
}

/// Counting one text that ends with a brace, to be compiled for some instructions.
struct Counting<'t> {
    text: &'t [u8],
}

/// What the blocks so far add up to.
#[derive(Default)]
struct Counts {
    /// Braces that are open.
    depth: i64,
    /// Brackets that are open.
    brackets: i64,
    /// An even number of bits if there were as many quotes.
    quotes: u64,
    /// 1 if the block before ended with a brace that closes.
    closing: u64,
}

impl Work for Counting<'_> {
    type Outcome = bool;

    #[inline(always)]
    fn run(self, reader: impl BlockReader) -> bool {
        let mut counts = Counts::default();
        let (blocks, tail) = self.text.as_chunks::<BLOCK_BYTES>();
        for (number, block) in blocks.iter().enumerate() {
            if !self.block(reader, block, number * BLOCK_BYTES, &mut counts) {
                return false;
            }
        }
        let mut block = [b' '; BLOCK_BYTES];
        block[..tail.len()].copy_from_slice(tail);
        (tail.is_empty() || self.block(reader, &block, blocks.len() * BLOCK_BYTES, &mut counts))
            && counts.depth == 0
            && counts.brackets == 0
            && counts.quotes.count_ones().is_multiple_of(2)
    }
}

impl Counting<'_> {
    /// Adds the block that begins at `offset`; `false` if the text is not one object.
    #[inline(always)]
    fn block(&self, reader: impl BlockReader, block: &Block, offset: usize, counts: &mut Counts) -> bool {
        let masks = reader.token_masks(block);
        counts.quotes ^= masks.string;
        counts.brackets += balance(masks.open_array, masks.close_array);
        let goes_on = masks.close_object | masks.close_array | masks.comma | masks.string;
        let behind_brace = masks.close_object << 1 | counts.closing;
        counts.closing = masks.close_object >> 63;
        let astray = behind_brace & !goes_on;
        if astray != 0 && !self.may_stand_behind_braces(astray, offset) {
            return false;
        }
        if i64::from(masks.close_object.count_ones()) < counts.depth {
            counts.depth += balance(masks.open_object, masks.close_object);
            return true;
        }
        self.stays_open(&masks, offset, &mut counts.depth)
    }

    /// Whether what is at the places of `astray` can follow an inner brace: an escape, in text inside a string.
    /// Behind the last brace there is nothing.
    fn may_stand_behind_braces(&self, mut astray: u64, offset: usize) -> bool {
        while astray != 0 {
            let at = offset + astray.trailing_zeros() as usize;
            astray &= astray - 1;
            if !matches!(self.text.get(at), None | Some(b'\\')) {
                return false;
            }
        }
        true
    }

    /// Counts brace by brace; `false` if the count is down to zero before the end.
    #[inline(always)]
    fn stays_open(&self, masks: &TokenMasks, offset: usize, depth: &mut i64) -> bool {
        let mut braces = masks.open_object | masks.close_object;
        while braces != 0 {
            let bit = braces.trailing_zeros();
            braces &= braces - 1;
            if masks.open_object >> bit & 1 == 1 {
                *depth += 1;
                continue;
            }
            *depth -= 1;
            if *depth <= 0 && offset + bit as usize + 1 != self.text.len() {
                return false;
            }
        }
        true
    }
}

/// How many more open than close.
#[inline(always)]
fn balance(opening: u64, closing: u64) -> i64 {
    i64::from(opening.count_ones()) - i64::from(closing.count_ones())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, byte by byte.
    fn plainly(text: &[u8]) -> bool {
        let mut depth = 0_i64;
        let fits = text.iter().enumerate().all(|(at, byte)| {
            depth += i64::from(*byte == b'{') - i64::from(*byte == b'}');
            let goes_on = matches!(text.get(at + 1), Some(b'}' | b']' | b',' | b'"' | b'\\'));
            *byte != b'}' || at + 1 == text.len() || depth > 0 && goes_on
        });
        let count = |wanted: u8| text.iter().filter(|byte| **byte == wanted).count();
        let even = count(b'[') == count(b']') && count(b'"').is_multiple_of(2);
        fits && depth == 0 && text.ends_with(b"}") && even
    }

    fn check(text: &[u8]) {
        for instructions in InstructionSet::available() {
            let found = counts_as_one_object(text, instructions);
            assert_eq!(found, plainly(text), "{} on {}", instructions.name(), text.escape_ascii());
        }
    }

    #[test]
    fn all_instructions_count_as_plain_counting_does_wherever_blocks_end() {
        let text = br#"{"a":{"b":[{"c":"{\"d\":{}\\}"},{}]},"e":"","f":{"g":1}}"#;
        for shift in 0..130 {
            let filled = [&br#"{"x":""#[..], &vec![b'-'; shift], br#"","y":"#, text, b"}"].concat();
            check(&filled);
            for at in 0..filled.len() {
                check(&filled[..at]);
                for byte in *b"{}[]\", \\x" {
                    let mut other = filled.clone();
                    other[at] = byte;
                    check(&other);
                }
            }
        }
    }

    #[test]
    fn few_signs_in_any_order_are_counted_as_plain_counting_does() {
        let signs = *b"{}[],\" \\";
        for number in 0..8_usize.pow(6) {
            let text: Vec<u8> = (0..6).map(|place| signs[number >> (3 * place) & 7]).collect();
            check(&text);
        }
    }
}
