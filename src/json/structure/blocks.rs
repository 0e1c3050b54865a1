//! From the masks of a block to the tokens in it, with what one block tells the next.

/// Bytes of a block; one bit of a mask each, lowest first.
pub(super) const BLOCK_BYTES: usize = 64;

/// One block of text, or the first bytes of as many tokens.
pub(super) type Block = [u8; BLOCK_BYTES];

/// Room for the places of one block.
pub(super) type Room = [u32; BLOCK_BYTES];

/// Which bytes of a block are what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Masks {
    pub(super) quote: u64,
    /// `{}[]:,`, and perhaps control characters.
    pub(super) structural: u64,
    pub(super) whitespace: u64,
    /// Not 0 if the block has anything that [`RareMasks`] tell.
    pub(super) rare: u64,
}

/// Likewise, of what most blocks of compact ASCII text do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct RareMasks {
    pub(super) backslash: u64,
    /// Below 0x20.
    pub(super) control: u64,
    /// From 0x80 on.
    pub(super) not_ascii: u64,
}

/// Which bytes of a block are what in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberMasks {
    pub(super) digit: u64,
    pub(super) zero: u64,
    pub(super) point: u64,
    pub(super) minus: u64,
}

/// Likewise, of what few numbers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RareNumberMasks {
    /// `+` and `-`.
    pub(super) sign: u64,
    /// `e` or `E`.
    pub(super) exponent: u64,
}

/// Which tokens of 64 are what, by their first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TokenMasks {
    pub(super) string: u64,
    /// Begins with a digit or a minus.
    pub(super) number: u64,
    /// Begins as `true`, `false` and `null` do.
    pub(super) literal: u64,
    pub(super) open_object: u64,
    pub(super) close_object: u64,
    pub(super) open_array: u64,
    pub(super) close_array: u64,
    pub(super) colon: u64,
    pub(super) comma: u64,
}

/// At index `byte & 15`, the white space byte with these low bits; elsewhere something that no byte with
/// these low bits equals.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(super) const WHITESPACE_BY_LOW_BITS: [u8; 16] = {
    let mut table = [b'x'; 16];
    // Index 8 would be `x` itself.
    table[8] = 0;
    table[(b' ' & 15) as usize] = b' ';
    table[(b'\t' & 15) as usize] = b'\t';
    table[(b'\n' & 15) as usize] = b'\n';
    table[(b'\r' & 15) as usize] = b'\r';
    table
};

/// At index `byte & 15`, the structural byte with these low bits, bit 5 set; elsewhere 0. With bit 5 set, `[`
/// and `{` are the same byte, `]` and `}` too; two control characters become `,` and `:`.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(super) const STRUCTURAL_BY_LOW_BITS: [u8; 16] = {
    let mut table = [0; 16];
    table[(b',' & 15) as usize] = b',';
    table[(b':' & 15) as usize] = b':';
    table[(b'{' & 15) as usize] = b'{';
    table[(b'}' & 15) as usize] = b'}';
    table
};

/// What depends on the machine.
pub(super) trait BlockReader: Copy {
    /// Which bytes of `block` are what.
    fn masks(self, block: &Block) -> Masks;

    /// Likewise, for a block whose masks say that it has something rare.
    fn rare_masks(self, block: &Block) -> RareMasks;

    /// Which bytes of `block` are what, seen as parts of numbers.
    fn number_masks(self, block: &Block) -> NumberMasks;

    /// Likewise, what few numbers have.
    fn rare_number_masks(self, block: &Block) -> RareNumberMasks;

    /// Which of the tokens that begin with these bytes are what.
    fn token_masks(self, first_bytes: &Block) -> TokenMasks;

    /// Each bit becomes the parity of itself and all bits below it.
    fn prefix_xor(self, mask: u64) -> u64;

    /// Writes, for each bit of `mask`, lowest first, `offset` plus its place to the start of `places`, and the
    /// byte of `block` there to the start of `bytes`. What is behind them afterwards means nothing.
    fn write_selected(self, mask: u64, offset: u32, block: &Block, places: &mut Room, bytes: &mut Block);
}

/// Something to be compiled for one set of instructions; `run` has to be inlined to that end.
pub(super) trait Work {
    type Outcome;
    fn run(self, reader: impl BlockReader) -> Self::Outcome;
}

/// What a block adds to an index.
pub(super) struct BlockFinds {
    /// Where tokens begin.
    pub(super) starts: u64,
    /// Backslashes inside strings that escape.
    pub(super) escapes: u64,
    /// Control characters inside strings.
    pub(super) control: u64,
    /// All bytes of scalars other than strings.
    pub(super) scalar: u64,
    /// The first bytes of scalars other than strings.
    pub(super) scalar_starts: u64,
}

/// What one block tells the next.
#[derive(Default)]
pub(super) struct Carry {
    /// All ones if the block before ended inside a string.
    in_string: u64,
    /// 1 if the block before ended with a scalar's byte.
    scalar: u64,
    /// 1 if the block before ended with a backslash that escapes.
    escape: u64,
}

impl Carry {
    /// Reads the block that follows.
    #[inline(always)]
    pub(super) fn block(&mut self, reader: impl BlockReader, masks: &Masks, rare: &RareMasks) -> BlockFinds {
        let escaped = self.escaped_by(rare.backslash);
        let structural = masks.structural & !rare.control;
        let quote = masks.quote & !escaped;
        // From each opening quote up to its closing quote, which is left out.
        let in_string = reader.prefix_xor(quote) ^ self.in_string;
        self.in_string = ((in_string as i64) >> 63) as u64;
        let outside = !(in_string | quote);
        let scalar = outside & !(structural | masks.whitespace);
        let scalar_starts = scalar & !(scalar << 1 | self.scalar);
        self.scalar = scalar >> 63;
        BlockFinds {
            starts: (structural & outside) | (quote & in_string) | scalar_starts,
            escapes: rare.backslash & in_string & !escaped,
            control: rare.control & in_string,
            scalar,
            scalar_starts,
        }
    }

    /// The bytes that a backslash before them escapes. A backslash that is itself escaped escapes nothing.
    #[inline(always)]
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
