//! The block reader for 64-bit ARM, where NEON is always there.
#![allow(unsafe_code, reason = "vector instructions; each block says why it is sound")]

use std::arch::aarch64::{
    uint8x16_t, vandq_u8, vceqq_u8, vcgeq_u8, vcleq_u8, vcltq_u8, vdupq_n_u8, vgetq_lane_u64, vld1q_u8,
    vmaxvq_u8, vornq_u8, vorrq_u8, vpaddq_u8, vqtbl1q_u8, vreinterpretq_u64_u8, vsubq_u8,
};

use super::blocks::{
    Block, BlockReader, Masks, NumberMasks, RareMasks, RareNumberMasks, Room, STRUCTURAL_BY_LOW_BITS,
    TokenMasks, WHITESPACE_BY_LOW_BITS,
};
use super::portable::{Portable, write_selected};

/// 128-bit vectors, four to a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neon;

type Quarters = [uint8x16_t; 4];

impl BlockReader for Neon {
    #[inline(always)]
    fn masks(self, block: &Block) -> Masks {
        // SAFETY: 64-bit ARM has NEON.
        unsafe { masks(block) }
    }

    #[inline(always)]
    fn rare_masks(self, block: &Block) -> RareMasks {
        // SAFETY: 64-bit ARM has NEON.
        unsafe { rare_masks(block) }
    }

    #[inline(always)]
    fn number_masks(self, block: &Block) -> NumberMasks {
        // SAFETY: 64-bit ARM has NEON.
        unsafe { number_masks(block) }
    }

    #[inline(always)]
    fn rare_number_masks(self, block: &Block) -> RareNumberMasks {
        // SAFETY: 64-bit ARM has NEON.
        unsafe { rare_number_masks(block) }
    }

    #[inline(always)]
    fn token_masks(self, first_bytes: &Block) -> TokenMasks {
        // SAFETY: 64-bit ARM has NEON.
        unsafe { token_masks(first_bytes) }
    }

    #[inline(always)]
    fn prefix_xor(self, mask: u64) -> u64 {
        Portable.prefix_xor(mask)
    }

    #[inline(always)]
    fn write_selected(self, mask: u64, offset: u32, block: &Block, places: &mut Room, bytes: &mut Block) {
        write_selected(mask, offset, block, places, bytes);
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn masks(block: &Block) -> Masks {
    let bytes = quarters(block);
    let low_bits = bytes.map(|quarter| vandq_u8(quarter, vdupq_n_u8(0x0f)));
    let (spaces, operators) = (table(&WHITESPACE_BY_LOW_BITS), table(&STRUCTURAL_BY_LOW_BITS));
    let whitespace = std::array::from_fn(|at| vceqq_u8(vqtbl1q_u8(spaces, low_bits[at]), bytes[at]));
    let folded = bytes.map(|quarter| vorrq_u8(quarter, vdupq_n_u8(0x20)));
    let structural = std::array::from_fn(|at| vceqq_u8(vqtbl1q_u8(operators, low_bits[at]), folded[at]));
    Masks {
        quote: equal(bytes, b'"'),
        structural: bits(structural),
        whitespace: bits(whitespace),
        rare: any_rare(bytes),
    }
}

/// Not 0 if there is a backslash, a control character or a byte that is not ASCII.
#[inline]
#[target_feature(enable = "neon")]
fn any_rare(bytes: Quarters) -> u64 {
    // 0x20 to 0x7f become 0 to 0x5f, what is below or above them becomes more.
    let rare = bytes.map(|quarter| {
        let printable = vcltq_u8(vsubq_u8(quarter, vdupq_n_u8(0x20)), vdupq_n_u8(0x60));
        vornq_u8(vceqq_u8(quarter, vdupq_n_u8(b'\\')), printable)
    });
    let any = vorrq_u8(vorrq_u8(rare[0], rare[1]), vorrq_u8(rare[2], rare[3]));
    u64::from(vmaxvq_u8(any))
}

#[inline]
#[target_feature(enable = "neon")]
fn rare_masks(block: &Block) -> RareMasks {
    let bytes = quarters(block);
    RareMasks {
        backslash: equal(bytes, b'\\'),
        control: bits(bytes.map(|quarter| vcltq_u8(quarter, vdupq_n_u8(0x20)))),
        not_ascii: bits(bytes.map(|quarter| vcgeq_u8(quarter, vdupq_n_u8(0x80)))),
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn number_masks(block: &Block) -> NumberMasks {
    let bytes = quarters(block);
    NumberMasks {
        digit: digits(bytes),
        zero: equal(bytes, b'0'),
        point: equal(bytes, b'.'),
        minus: equal(bytes, b'-'),
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn rare_number_masks(block: &Block) -> RareNumberMasks {
    let bytes = quarters(block);
    let folded = bytes.map(|quarter| vorrq_u8(quarter, vdupq_n_u8(0x20)));
    RareNumberMasks { sign: equal(bytes, b'+') | equal(bytes, b'-'), exponent: equal(folded, b'e') }
}

#[inline]
#[target_feature(enable = "neon")]
fn token_masks(first_bytes: &Block) -> TokenMasks {
    let bytes = quarters(first_bytes);
    TokenMasks {
        string: equal(bytes, b'"'),
        number: digits(bytes) | equal(bytes, b'-'),
        literal: equal(bytes, b't') | equal(bytes, b'f') | equal(bytes, b'n'),
        open_object: equal(bytes, b'{'),
        close_object: equal(bytes, b'}'),
        open_array: equal(bytes, b'['),
        close_array: equal(bytes, b']'),
        colon: equal(bytes, b':'),
        comma: equal(bytes, b','),
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn load(bytes: &[u8; 16]) -> uint8x16_t {
    // SAFETY: there are the 16 bytes that are loaded; the load needs no alignment.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn table(table: &[u8; 16]) -> uint8x16_t {
    load(table)
}

#[inline]
#[target_feature(enable = "neon")]
fn quarters(block: &Block) -> Quarters {
    let (quarters, _) = block.as_chunks::<16>();
    std::array::from_fn(|at| load(&quarters[at]))
}

#[inline]
#[target_feature(enable = "neon")]
fn equal(bytes: Quarters, byte: u8) -> u64 {
    bits(bytes.map(|quarter| vceqq_u8(quarter, vdupq_n_u8(byte))))
}

#[inline]
#[target_feature(enable = "neon")]
fn digits(bytes: Quarters) -> u64 {
    bits(bytes.map(|quarter| vcleq_u8(vsubq_u8(quarter, vdupq_n_u8(b'0')), vdupq_n_u8(9))))
}

/// One bit per byte, lowest first; each byte is all ones or all zeros.
#[inline]
#[target_feature(enable = "neon")]
fn bits(bytes: Quarters) -> u64 {
    let weights = load(&[1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);
    let [a, b, c, d] = bytes.map(|quarter| vandq_u8(quarter, weights));
    // Adding up neighbours three times puts the weights of eight bytes into one.
    let sums = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)))
}
