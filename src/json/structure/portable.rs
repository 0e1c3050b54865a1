//! The block reader for any machine.

use super::blocks::{Block, BlockReader, Masks, NumberMasks, Room, TokenMasks};

/// Plain Rust, for machines without a reader of their own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Portable;

impl BlockReader for Portable {
    #[inline(always)]
    fn masks(self, block: &Block) -> Masks {
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
            not_ascii: bits(block, |byte| byte >= 0x80),
        }
    }

    #[inline(always)]
    fn number_masks(self, block: &Block) -> NumberMasks {
        NumberMasks {
            digit: bits(block, |byte| byte.is_ascii_digit()),
            zero: bits(block, |byte| byte == b'0'),
            point: bits(block, |byte| byte == b'.'),
            minus: bits(block, |byte| byte == b'-'),
            plus: bits(block, |byte| byte == b'+'),
            exponent: bits(block, |byte| byte | 0x20 == b'e'),
        }
    }

    #[inline(always)]
    fn token_masks(self, first_bytes: &Block) -> TokenMasks {
        let equal = |wanted: u8| bits(first_bytes, |byte| byte == wanted);
        TokenMasks {
            string: equal(b'"'),
            number: bits(first_bytes, |byte| byte.is_ascii_digit() | (byte == b'-')),
            literal: bits(first_bytes, |byte| (byte == b't') | (byte == b'f') | (byte == b'n')),
            open_object: equal(b'{'),
            close_object: equal(b'}'),
            open_array: equal(b'['),
            close_array: equal(b']'),
            colon: equal(b':'),
            comma: equal(b','),
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
    fn write_places(self, mask: u64, offset: u32, room: &mut Room) {
        write_places(mask, offset, room);
    }

    #[inline(always)]
    fn write_bytes(self, mask: u64, block: &Block, room: &mut Block) {
        write_bytes(mask, block, room);
    }
}

/// Eight at a time whether they are wanted or not: a branch per place would be mispredicted.
#[inline(always)]
pub(super) fn write_places(mut mask: u64, offset: u32, room: &mut Room) {
    for places in room.chunks_exact_mut(8) {
        if mask == 0 {
            return;
        }
        for place in places {
            *place = offset.wrapping_add(mask.trailing_zeros());
            mask &= mask.wrapping_sub(1);
        }
    }
}

/// Eight at a time, likewise.
#[inline(always)]
pub(super) fn write_bytes(mut mask: u64, block: &Block, room: &mut Block) {
    for bytes in room.chunks_exact_mut(8) {
        if mask == 0 {
            return;
        }
        for byte in bytes {
            *byte = block[(mask.trailing_zeros() % 64) as usize];
            mask &= mask.wrapping_sub(1);
        }
    }
}

/// One bit per byte, lowest first.
#[inline(always)]
fn bits(block: &Block, is: impl Fn(u8) -> bool) -> u64 {
    let mut mask = 0;
    for (group, bytes) in block.chunks_exact(8).enumerate() {
        let ones =
            bytes.iter().fold((0_u64, 0), |(ones, at), byte| (ones | u64::from(is(*byte)) << at, at + 8)).0;
        // The multiplication moves the lowest bit of each byte to the highest byte, one beside the other.
        mask |= (ones.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (group * 8);
    }
    mask
}
