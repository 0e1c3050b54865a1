//! Block readers for x86-64 with AVX2 or AVX-512.
#![allow(unsafe_code, reason = "vector instructions; each block says why it is sound")]

use std::arch::x86_64::{
    __m128i, __m256i, __m512i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_loadl_epi64, _mm_loadu_si128,
    _mm_set_epi64x, _mm_set1_epi8, _mm_shuffle_epi8, _mm_storel_epi64, _mm256_add_epi32,
    _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_cvtepu8_epi32,
    _mm256_loadu_si256, _mm256_max_epu8, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8, _mm256_set1_epi32, _mm256_shuffle_epi8, _mm256_storeu_si256, _mm256_sub_epi8,
    _mm512_add_epi32, _mm512_broadcast_i32x4, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epi8_mask,
    _mm512_cmplt_epu8_mask, _mm512_cvtepu8_epi32, _mm512_extracti32x4_epi32, _mm512_loadu_si512,
    _mm512_maskz_compress_epi8, _mm512_movepi8_mask, _mm512_or_si512, _mm512_set1_epi8, _mm512_set1_epi32,
    _mm512_shuffle_epi8, _mm512_storeu_si512, _mm512_sub_epi8,
};

use super::blocks::{
    Block, BlockReader, Masks, NumberMasks, RareMasks, RareNumberMasks, Room, STRUCTURAL_BY_LOW_BITS,
    TokenMasks, WHITESPACE_BY_LOW_BITS, Work,
};

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
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has.then_some(Avx2(()))
    }

    /// Runs `work` compiled for these instructions.
    #[inline]
    pub(super) fn run<W: Work>(self, work: W) -> W::Outcome {
        #[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,lzcnt,popcnt")]
        fn run_enabled<W: Work>(reader: Avx2, work: W) -> W::Outcome {
            work.run(reader)
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
    #[inline]
    pub(super) fn run<W: Work>(self, work: W) -> W::Outcome {
        #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,avx2,pclmulqdq,bmi1,bmi2,lzcnt,popcnt")]
        fn run_enabled<W: Work>(reader: Avx512, work: W) -> W::Outcome {
            work.run(reader)
        }
        // SAFETY: `detect` saw each of the enabled features.
        unsafe { run_enabled(self, work) }
    }
}

impl BlockReader for Avx2 {
    #[inline(always)]
    fn masks(self, block: &Block) -> Masks {
        // SAFETY: `self` proves the features.
        unsafe { masks_avx2(block) }
    }

    #[inline(always)]
    fn rare_masks(self, block: &Block) -> RareMasks {
        // SAFETY: `self` proves the features.
        unsafe { rare_masks_avx2(block) }
    }

    #[inline(always)]
    fn number_masks(self, block: &Block) -> NumberMasks {
        // SAFETY: `self` proves the features.
        unsafe { number_masks_avx2(block) }
    }

    #[inline(always)]
    fn rare_number_masks(self, block: &Block) -> RareNumberMasks {
        // SAFETY: `self` proves the features.
        unsafe { rare_number_masks_avx2(block) }
    }

    #[inline(always)]
    fn token_masks(self, first_bytes: &Block) -> TokenMasks {
        // SAFETY: `self` proves the features.
        unsafe { token_masks_avx2(first_bytes) }
    }

    #[inline(always)]
    fn prefix_xor(self, mask: u64) -> u64 {
        // SAFETY: `self` proves the features.
        unsafe { prefix_xor(mask) }
    }

    #[inline(always)]
    fn write_selected(self, mask: u64, offset: u32, block: &Block, places: &mut Room, bytes: &mut Block) {
        let mut written = 0;
        for (number, eighth) in block.as_chunks::<8>().0.iter().enumerate() {
            let selected = (mask >> (8 * number)) as u8;
            let first = offset.wrapping_add(8 * number as u32);
            // Eight more than were written of the eighths before are no more than 64.
            let places = places[written..][..8].as_mut_array().expect("room for eight");
            let bytes = bytes[written..][..8].as_mut_array().expect("room for eight");
            // SAFETY: `self` proves the features.
            unsafe { write_eighth_avx2(selected, first, eighth, places, bytes) }
            written += selected.count_ones() as usize;
        }
    }
}

impl BlockReader for Avx512 {
    #[inline(always)]
    fn masks(self, block: &Block) -> Masks {
        // SAFETY: `self` proves the features.
        unsafe { masks_avx512(block) }
    }

    #[inline(always)]
    fn rare_masks(self, block: &Block) -> RareMasks {
        // SAFETY: `self` proves the features.
        unsafe { rare_masks_avx512(block) }
    }

    #[inline(always)]
    fn number_masks(self, block: &Block) -> NumberMasks {
        // SAFETY: `self` proves the features.
        unsafe { number_masks_avx512(block) }
    }

    #[inline(always)]
    fn rare_number_masks(self, block: &Block) -> RareNumberMasks {
        // SAFETY: `self` proves the features.
        unsafe { rare_number_masks_avx512(block) }
    }

    #[inline(always)]
    fn token_masks(self, first_bytes: &Block) -> TokenMasks {
        // SAFETY: `self` proves the features.
        unsafe { token_masks_avx512(first_bytes) }
    }

    #[inline(always)]
    fn prefix_xor(self, mask: u64) -> u64 {
        // SAFETY: `self` proves the features.
        unsafe { prefix_xor(mask) }
    }

    #[inline(always)]
    fn write_selected(self, mask: u64, offset: u32, block: &Block, places: &mut Room, bytes: &mut Block) {
        // SAFETY: `self` proves the features.
        unsafe {
            write_places_avx512(mask, offset, places);
            write_bytes_avx512(mask, block, bytes);
        }
    }
}

/// A carry-less multiplication by all ones adds up, without carries, all bits at or below each place.
#[inline]
#[target_feature(enable = "pclmulqdq")]
fn prefix_xor(mask: u64) -> u64 {
    let product = _mm_clmulepi64_si128::<0>(_mm_set_epi64x(0, mask as i64), _mm_set1_epi8(-1));
    _mm_cvtsi128_si64(product) as u64
}

#[inline]
#[target_feature(enable = "avx2")]
fn table_avx2(table: &[u8; 16]) -> __m256i {
    // SAFETY: the table has the 16 bytes that are loaded; the load needs no alignment.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
}

/// The two halves of a block.
#[inline]
#[target_feature(enable = "avx2")]
fn halves(block: &Block) -> [__m256i; 2] {
    let (low, high) = block.split_at(32);
    // SAFETY: each half has the 32 bytes that are loaded; the load needs no alignment.
    unsafe { [_mm256_loadu_si256(low.as_ptr().cast()), _mm256_loadu_si256(high.as_ptr().cast())] }
}

/// One bit for the highest bit of each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn high_bits(halves: [__m256i; 2]) -> u64 {
    let [low, high] = halves.map(|half| _mm256_movemask_epi8(half) as u32);
    u64::from(low) | u64::from(high) << 32
}

#[inline]
#[target_feature(enable = "avx2")]
fn equal_avx2(halves: [__m256i; 2], byte: u8) -> [__m256i; 2] {
    halves.map(|half| _mm256_cmpeq_epi8(half, _mm256_set1_epi8(byte as i8)))
}

/// Bytes from `first` to `last`.
#[inline]
#[target_feature(enable = "avx2")]
fn between_avx2(halves: [__m256i; 2], first: u8, last: u8) -> [__m256i; 2] {
    let width = _mm256_set1_epi8((last - first) as i8);
    halves.map(|half| {
        let above = _mm256_sub_epi8(half, _mm256_set1_epi8(first as i8));
        _mm256_cmpeq_epi8(_mm256_min_epu8(above, width), above)
    })
}

#[inline]
#[target_feature(enable = "avx2")]
fn masks_avx2(block: &Block) -> Masks {
    let bytes = halves(block);
    let spaces = table_avx2(&WHITESPACE_BY_LOW_BITS);
    let whitespace = bytes.map(|half| _mm256_cmpeq_epi8(_mm256_shuffle_epi8(spaces, half), half));
    let operators = table_avx2(&STRUCTURAL_BY_LOW_BITS);
    let structural = bytes.map(|half| {
        let folded = _mm256_or_si256(half, _mm256_set1_epi8(0x20));
        _mm256_cmpeq_epi8(_mm256_shuffle_epi8(operators, half), folded)
    });
    // As signed numbers, bytes from 0x80 on are below 0x20 too.
    let [low, high] = bytes.map(|half| {
        let backslash = _mm256_cmpeq_epi8(half, _mm256_set1_epi8(b'\\' as i8));
        _mm256_or_si256(backslash, _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), half))
    });
    Masks {
        quote: high_bits(equal_avx2(bytes, b'"')),
        structural: high_bits(structural),
        whitespace: high_bits(whitespace),
        rare: u64::from(_mm256_movemask_epi8(_mm256_or_si256(low, high)) as u32),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn rare_masks_avx2(block: &Block) -> RareMasks {
    let bytes = halves(block);
    let last_control = _mm256_set1_epi8(0x1f);
    let control = bytes.map(|half| _mm256_cmpeq_epi8(_mm256_max_epu8(half, last_control), last_control));
    RareMasks {
        backslash: high_bits(equal_avx2(bytes, b'\\')),
        control: high_bits(control),
        not_ascii: high_bits(bytes),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn number_masks_avx2(block: &Block) -> NumberMasks {
    let bytes = halves(block);
    let equal = |byte: u8| high_bits(equal_avx2(bytes, byte));
    NumberMasks {
        digit: high_bits(between_avx2(bytes, b'0', b'9')),
        zero: equal(b'0'),
        point: equal(b'.'),
        minus: equal(b'-'),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn rare_number_masks_avx2(block: &Block) -> RareNumberMasks {
    let bytes = halves(block);
    let folded = bytes.map(|half| _mm256_or_si256(half, _mm256_set1_epi8(0x20)));
    RareNumberMasks {
        sign: high_bits(equal_avx2(bytes, b'+')) | high_bits(equal_avx2(bytes, b'-')),
        exponent: high_bits(equal_avx2(folded, b'e')),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn token_masks_avx2(first_bytes: &Block) -> TokenMasks {
    let bytes = halves(first_bytes);
    let equal = |byte: u8| high_bits(equal_avx2(bytes, byte));
    TokenMasks {
        string: equal(b'"'),
        number: high_bits(between_avx2(bytes, b'0', b'9')) | equal(b'-'),
        literal: equal(b't') | equal(b'f') | equal(b'n'),
        open_object: equal(b'{'),
        close_object: equal(b'}'),
        open_array: equal(b'['),
        close_array: equal(b']'),
        colon: equal(b':'),
        comma: equal(b','),
    }
}

/// For each byte, the places of its bits, lowest first; what is behind them means nothing.
const PLACES_OF_BITS: [[u8; 8]; 256] = {
    let mut table = [[0; 8]; 256];
    let mut byte = 0;
    while byte < table.len() {
        let (mut rest, mut count) = (byte, 0);
        while rest != 0 {
            table[byte][count] = rest.trailing_zeros() as u8;
            rest &= rest - 1;
            count += 1;
        }
        byte += 1;
    }
    table
};

/// Writes what `selected` selects of eight bytes to the start of `places`, the first byte's place being `first`,
/// and to that of `bytes`: by one look into a table, so that no branch depends on what is selected.
#[inline]
#[target_feature(enable = "avx2")]
fn write_eighth_avx2(selected: u8, first: u32, eighth: &[u8; 8], places: &mut [u32; 8], bytes: &mut [u8; 8]) {
    // SAFETY: the table's entry and the eighth have the 8 bytes that are loaded, and there is room for the 8
    // numbers and the 8 bytes that are stored; no load or store needs alignment.
    unsafe {
        let in_eighth = _mm_loadl_epi64(PLACES_OF_BITS[usize::from(selected)].as_ptr().cast());
        let absolute = _mm256_add_epi32(_mm256_cvtepu8_epi32(in_eighth), _mm256_set1_epi32(first as i32));
        _mm256_storeu_si256(places.as_mut_ptr().cast(), absolute);
        let chosen = _mm_shuffle_epi8(_mm_loadl_epi64(eighth.as_ptr().cast()), in_eighth);
        _mm_storel_epi64(bytes.as_mut_ptr().cast(), chosen);
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_avx512(block: &Block) -> __m512i {
    // SAFETY: a block has the 64 bytes that are loaded; the load needs no alignment.
    unsafe { _mm512_loadu_si512(block.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn table_avx512(table: &[u8; 16]) -> __m512i {
    // SAFETY: the table has the 16 bytes that are loaded; the load needs no alignment.
    _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn equal_avx512(bytes: __m512i, byte: u8) -> u64 {
    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn digits_avx512(bytes: __m512i) -> u64 {
    let above = _mm512_sub_epi8(bytes, _mm512_set1_epi8(b'0' as i8));
    _mm512_cmplt_epu8_mask(above, _mm512_set1_epi8(10))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn masks_avx512(block: &Block) -> Masks {
    let bytes = load_avx512(block);
    let folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    let operators = _mm512_shuffle_epi8(table_avx512(&STRUCTURAL_BY_LOW_BITS), bytes);
    let spaces = _mm512_shuffle_epi8(table_avx512(&WHITESPACE_BY_LOW_BITS), bytes);
    Masks {
        quote: equal_avx512(bytes, b'"'),
        structural: _mm512_cmpeq_epi8_mask(operators, folded),
        whitespace: _mm512_cmpeq_epi8_mask(spaces, bytes),
        // As signed numbers, bytes from 0x80 on are below 0x20 too.
        rare: equal_avx512(bytes, b'\\') | _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(0x20)),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn rare_masks_avx512(block: &Block) -> RareMasks {
    let bytes = load_avx512(block);
    RareMasks {
        backslash: equal_avx512(bytes, b'\\'),
        control: _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)),
        not_ascii: _mm512_movepi8_mask(bytes),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn number_masks_avx512(block: &Block) -> NumberMasks {
    let bytes = load_avx512(block);
    NumberMasks {
        digit: digits_avx512(bytes),
        zero: equal_avx512(bytes, b'0'),
        point: equal_avx512(bytes, b'.'),
        minus: equal_avx512(bytes, b'-'),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn rare_number_masks_avx512(block: &Block) -> RareNumberMasks {
    let bytes = load_avx512(block);
    RareNumberMasks {
        sign: equal_avx512(bytes, b'+') | equal_avx512(bytes, b'-'),
        exponent: equal_avx512(_mm512_or_si512(bytes, _mm512_set1_epi8(0x20)), b'e'),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn token_masks_avx512(first_bytes: &Block) -> TokenMasks {
    let bytes = load_avx512(first_bytes);
    let equal = |byte: u8| equal_avx512(bytes, byte);
    TokenMasks {
        string: equal(b'"'),
        number: digits_avx512(bytes) | equal(b'-'),
        literal: equal(b't') | equal(b'f') | equal(b'n'),
        open_object: equal(b'{'),
        close_object: equal(b'}'),
        open_array: equal(b'['),
        close_array: equal(b']'),
        colon: equal(b':'),
        comma: equal(b','),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn write_bytes_avx512(mask: u64, block: &Block, room: &mut Block) {
    let selected = _mm512_maskz_compress_epi8(mask, load_avx512(block));
    // SAFETY: there is room for the 64 bytes that are stored; the store needs no alignment.
    unsafe { _mm512_storeu_si512(room.as_mut_ptr().cast(), selected) }
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
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
fn write_places_avx512(mask: u64, offset: u32, room: &mut Room) {
    let places = _mm512_maskz_compress_epi8(mask, load_avx512(&ASCENDING));
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
