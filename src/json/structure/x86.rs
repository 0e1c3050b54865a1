//! Block readers for x86-64 with AVX2 or AVX-512.
#![allow(unsafe_code, reason = "vector instructions; each block says why it is sound")]

use std::arch::x86_64::{
    __m128i, __m256i, __m512i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_set1_epi8,
    _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8, _mm256_setr_epi8, _mm256_shuffle_epi8, _mm512_add_epi32, _mm512_cmpeq_epi8_mask,
    _mm512_cmplt_epu8_mask, _mm512_cvtepu8_epi32, _mm512_extracti32x4_epi32, _mm512_loadu_si512,
    _mm512_maskz_compress_epi8, _mm512_or_si512, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_storeu_si512,
};

use super::blocks::{Block, BlockReader, Masks, Room};
use super::portable::write_places;

/// The right to use AVX2 and carry-less multiplication: holding one proves that the machine has them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx2(());

/// The right to use AVX-512 with byte compression: holding one proves that the machine has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx2 {
    /// Asks the machine.
    pub(super) fn detect() -> Option<Avx2> {
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2");
        has.then_some(Avx2(()))
    }

    /// Runs `work` compiled for these instructions.
    pub(super) fn run<W: Work<Avx2>>(self, work: W) {
        #[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2")]
        fn run_enabled<W: Work<Avx2>>(reader: Avx2, work: W) {
            work.run(reader);
        }
        // SAFETY: `detect` saw each of the enabled features.
        unsafe { run_enabled(self, work) }
    }
}

impl Avx512 {
    /// Asks the machine.
    pub(super) fn detect() -> Option<Avx512> {
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi2");
        Avx2::detect().filter(|_| has).map(|_| Avx512(()))
    }

    /// Runs `work` compiled for these instructions.
    pub(super) fn run<W: Work<Avx512>>(self, work: W) {
        #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,avx2,pclmulqdq,bmi1,bmi2")]
        fn run_enabled<W: Work<Avx512>>(reader: Avx512, work: W) {
            work.run(reader);
        }
        // SAFETY: `detect` saw each of the enabled features.
        unsafe { run_enabled(self, work) }
    }
}

/// Something to be compiled for one set of instructions; `run` has to be inlined to that end.
pub(super) trait Work<R> {
    fn run(self, reader: R);
}

impl BlockReader for Avx2 {
    #[inline(always)]
    fn masks(self, block: &Block) -> Masks {
        // SAFETY: `self` proves the features.
        unsafe { masks_avx2(block) }
    }

    #[inline(always)]
    fn prefix_xor(self, mask: u64) -> u64 {
        // SAFETY: `self` proves the features.
        unsafe { prefix_xor(mask) }
    }

    #[inline(always)]
    fn write_places(self, mask: u64, offset: u32, room: &mut Room) {
        write_places(mask, offset, room);
    }
}

impl BlockReader for Avx512 {
    #[inline(always)]
    fn masks(self, block: &Block) -> Masks {
        // SAFETY: `self` proves the features.
        unsafe { masks_avx512(block) }
    }

    #[inline(always)]
    fn prefix_xor(self, mask: u64) -> u64 {
        // SAFETY: `self` proves the features.
        unsafe { prefix_xor(mask) }
    }

    #[inline(always)]
    fn write_places(self, mask: u64, offset: u32, room: &mut Room) {
        // SAFETY: `self` proves the features.
        unsafe { write_places_avx512(mask, offset, room) }
    }
}

/// A carry-less multiplication by all ones adds up, without carries, all bits at or below each place.
#[inline]
#[target_feature(enable = "pclmulqdq")]
fn prefix_xor(mask: u64) -> u64 {
    let product = _mm_clmulepi64_si128::<0>(_mm_set_epi64x(0, mask as i64), _mm_set1_epi8(-1));
    _mm_cvtsi128_si64(product) as u64
}

/// At index `byte & 15`, the white space byte with these low bits; elsewhere something that no byte with
/// these low bits equals.
const WHITESPACE_BY_LOW_BITS: [i8; 16] = {
    let mut table = [b'x' as i8; 16];
    // Index 8 would be `x` itself.
    table[8] = 0;
    table[(b' ' & 15) as usize] = b' ' as i8;
    table[(b'\t' & 15) as usize] = b'\t' as i8;
    table[(b'\n' & 15) as usize] = b'\n' as i8;
    table[(b'\r' & 15) as usize] = b'\r' as i8;
    table
};

#[inline]
#[target_feature(enable = "avx2")]
fn masks_avx2(block: &Block) -> Masks {
    let (low, high) = block.split_at(32);
    // SAFETY: each half has the 32 bytes that are loaded; the load needs no alignment.
    let halves: [__m256i; 2] =
        unsafe { [_mm256_loadu_si256(low.as_ptr().cast()), _mm256_loadu_si256(high.as_ptr().cast())] };
    let [a, b] = halves.map(|half| masks_of_half(half));
    let join = |low: i32, high: i32| u64::from(low as u32) | u64::from(high as u32) << 32;
    Masks {
        backslash: join(a[0], b[0]),
        quote: join(a[1], b[1]),
        structural: join(a[2], b[2]),
        whitespace: join(a[3], b[3]),
        control: join(a[4], b[4]),
    }
}

/// Backslash, quote, structural, white space, control.
#[inline]
#[target_feature(enable = "avx2")]
fn masks_of_half(bytes: __m256i) -> [i32; 5] {
    let equal = |byte: u8| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte as i8));
    // Setting bit 5 maps `[` to `{` and `]` to `}`, and no other byte to either.
    let folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    let folded_equal = |byte: u8| _mm256_cmpeq_epi8(folded, _mm256_set1_epi8(byte as i8));
    let brackets = _mm256_or_si256(folded_equal(b'{'), folded_equal(b'}'));
    let separators = _mm256_or_si256(equal(b':'), equal(b','));
    let t = WHITESPACE_BY_LOW_BITS;
    let table = _mm256_setr_epi8(
        t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12], t[13], t[14], t[15],
        t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12], t[13], t[14], t[15],
    );
    let whitespace = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, bytes), bytes);
    let last_control = _mm256_set1_epi8(0x1f);
    let control = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, last_control), last_control);
    [equal(b'\\'), equal(b'"'), _mm256_or_si256(brackets, separators), whitespace, control]
        .map(|found| _mm256_movemask_epi8(found))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn masks_avx512(block: &Block) -> Masks {
    // SAFETY: a block has the 64 bytes that are loaded; the load needs no alignment.
    let bytes: __m512i = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
    let equal = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8));
    let folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    let folded_equal = |byte: u8| _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8(byte as i8));
    Masks {
        backslash: equal(b'\\'),
        quote: equal(b'"'),
        structural: folded_equal(b'{') | folded_equal(b'}') | equal(b':') | equal(b','),
        whitespace: equal(b' ') | equal(b'\n') | equal(b'\r') | equal(b'\t'),
        control: _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)),
    }
}

/// Numbers from 0 on, one per byte.
const ASCENDING: Block = {
    let mut numbers = [0; 64];
    let mut at = 0;
    while at < numbers.len() {
        numbers[at] = at as u8;
        at += 1;
    }
    numbers
};

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn write_places_avx512(mask: u64, offset: u32, room: &mut Room) {
    // SAFETY: the constant has the 64 bytes that are loaded.
    let numbers = unsafe { _mm512_loadu_si512(ASCENDING.as_ptr().cast()) };
    let places = _mm512_maskz_compress_epi8(mask, numbers);
    let count = mask.count_ones();
    write_quarter(_mm512_extracti32x4_epi32::<0>(places), offset, &mut room[..16]);
    if count > 16 {
        write_quarter(_mm512_extracti32x4_epi32::<1>(places), offset, &mut room[16..32]);
    }
    if count > 32 {
        write_quarter(_mm512_extracti32x4_epi32::<2>(places), offset, &mut room[32..48]);
        write_quarter(_mm512_extracti32x4_epi32::<3>(places), offset, &mut room[48..]);
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn write_quarter(places: __m128i, offset: u32, room: &mut [u32]) {
    let places = _mm512_add_epi32(_mm512_cvtepu8_epi32(places), _mm512_set1_epi32(offset as i32));
    let room: &mut [u32; 16] = room.try_into().expect("a quarter of a block's room");
    // SAFETY: there is room for the 16 numbers that are stored; the store needs no alignment.
    unsafe { _mm512_storeu_si512(room.as_mut_ptr().cast(), places) }
}
