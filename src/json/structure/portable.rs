//! The block reader for any machine.

use super::blocks::{Block, BlockReader, Masks, Room};

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
