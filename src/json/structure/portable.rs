//! The block reader for any machine.

use super::blocks::{Block, BlockReader, Masks, NumberMasks, RareMasks, RareNumberMasks, Room, TokenMasks};

/// Plain Rust, for machines without a reader of their own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Portable;

impl BlockReader for Portable {
    #[inline(always)]
    fn masks(self, block: &Block) -> Masks {
        let [quote, structural, whitespace, backslash, control, not_ascii, ..] = sort(block, &TEXT_CLASSES);
        Masks { quote, structural, whitespace, rare: backslash | control | not_ascii }
    }

    #[inline(always)]
    fn rare_masks(self, block: &Block) -> RareMasks {
        let [_, _, _, backslash, control, not_ascii, ..] = sort(block, &TEXT_CLASSES);
        RareMasks { backslash, control, not_ascii }
    }

    #[inline(always)]
    fn number_masks(self, block: &Block) -> NumberMasks {
        let [digit, zero, point, minus, ..] = sort(block, &NUMBER_CLASSES);
        NumberMasks { digit, zero, point, minus }
    }

    #[inline(always)]
    fn rare_number_masks(self, block: &Block) -> RareNumberMasks {
        let [.., sign, exponent] = sort(block, &NUMBER_CLASSES);
        RareNumberMasks { sign, exponent }
    }

    #[inline(always)]
    fn token_masks(self, first_bytes: &Block) -> TokenMasks {
        let [string, number, literal, opening, closing, of_object, colon, comma] =
            sort(first_bytes, &TOKEN_CLASSES);
        TokenMasks {
            string,
            number,
            literal,
            open_object: opening & of_object,
            close_object: closing & of_object,
            open_array: opening & !of_object,
            close_array: closing & !of_object,
            colon,
            comma,
        }
    }

    #[inline(always)]
    fn prefix_xor(self, mut mask: u64) -> u64 {
        for shift in [1, 2, 4, 8, 16, 32] {
            mask ^= mask << shift;
        }
        mask
    }

    #[inline(always)]
    fn write_selected(self, mask: u64, offset: u32, block: &Block, places: &mut Room, bytes: &mut Block) {
        write_selected(mask, offset, block, places, bytes);
    }
}

/// Eight at a time whether they are wanted or not: a branch per place would be mispredicted.
#[inline(always)]
pub(super) fn write_selected(
    mut mask: u64,
    offset: u32,
    block: &Block,
    places: &mut Room,
    bytes: &mut Block,
) {
    for (places, bytes) in places.chunks_exact_mut(8).zip(bytes.chunks_exact_mut(8)) {
        if mask == 0 {
            return;
        }
        for (place, byte) in places.iter_mut().zip(bytes) {
            let at = mask.trailing_zeros();
            *place = offset.wrapping_add(at);
            *byte = block[(at % 64) as usize];
            mask &= mask.wrapping_sub(1);
        }
    }
}

/// Of each byte, the classes that it belongs to, one bit each.
type Classes = [u8; 256];

/// In the order of [`Masks`]; then [`RareMasks`].
const TEXT_CLASSES: Classes =
    classes([b"\"", b"{}[]:,", b" \t\r\n", b"\\", &range::<32>(0), &range::<128>(128), b"", b""]);

/// In the order of [`NumberMasks`]; last [`RareNumberMasks`].
const NUMBER_CLASSES: Classes = classes([b"0123456789", b"0", b".", b"-", b"", b"", b"+-", b"eE"]);

/// Strings, numbers, literals, opening and closing brackets, those of objects, colons, commas.
const TOKEN_CLASSES: Classes = classes([b"\"", b"-0123456789", b"tfn", b"{[", b"}]", b"{}", b":", b","]);

const fn range<const N: usize>(first: u8) -> [u8; N] {
    let mut bytes = [0; N];
    let mut at = 0;
    while at < N {
        bytes[at] = first + at as u8;
        at += 1;
    }
    bytes
}

const fn classes(members: [&[u8]; 8]) -> Classes {
    let mut classes = [0; 256];
    let mut class = 0;
    while class < members.len() {
        let mut at = 0;
        while at < members[class].len() {
            classes[members[class][at] as usize] |= 1 << class;
            at += 1;
        }
        class += 1;
    }
    classes
}

/// For each class, the bytes of `block` that belong to it: one bit per byte, lowest first.
#[inline(always)]
fn sort(block: &Block, classes: &Classes) -> [u64; 8] {
    let mut masks = [0; 8];
    for (group, bytes) in block.as_chunks::<8>().0.iter().enumerate() {
        let of_bytes = u64::from_le_bytes(bytes.map(|byte| classes[usize::from(byte)]));
        for (class, mask) in masks.iter_mut().enumerate() {
            let ones = of_bytes >> class & 0x0101_0101_0101_0101;
            // The multiplication moves the lowest bit of each byte to the highest byte, one beside the other.
            *mask |= (ones.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (group * 8);
        }
    }
    masks
}
