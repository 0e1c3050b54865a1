//! The grammar of a text's tokens, for 64 tokens at once.
//!
//! Which token may stand behind which needs the token before and, for commas, whether the innermost open
//! container is an object. The first is a shift by one. The second changes at brackets only, so it is a mask
//! too, put together while the brackets are paired.

use super::blocks::{BLOCK_BYTES, Block, BlockReader, TokenMasks};
use crate::json::DEPTH_MAX;

/// The text is not one JSON object with nothing but white space around it. It may begin with one: only
/// reading it plainly, from the start, tells what is wrong, and whether anything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclear;

/// The containers that are open, outermost first, behind one that stands for what is outside.
#[derive(Debug)]
pub(super) struct OpenContainers([Container; DEPTH_MAX + 1]);

/// The number of a container's opening token, twice, and 1 more for an object: what is needed of it fits one
/// load.
#[derive(Debug, Clone, Copy)]
struct Container(u64);

impl Container {
    const OUTSIDE: Container = Container(0);

    #[inline(always)]
    fn opened(token: usize, is_object: u64) -> Container {
        Container((token as u64) << 1 | is_object)
    }

    #[inline(always)]
    fn token(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// 1 or 0.
    #[inline(always)]
    fn is_object(self) -> u64 {
        self.0 & 1
    }
}

impl Default for OpenContainers {
    fn default() -> Self {
        OpenContainers([Container::OUTSIDE; DEPTH_MAX + 1])
    }
}

/// A text's tokens, while they are checked.
pub(super) struct Tokens<'t> {
    pub(super) text: &'t [u8],
    /// Where each begins, then the text's length.
    pub(super) starts: &'t [u32],
    /// The first byte of each, then at least a block of zeros.
    pub(super) kinds: &'t [u8],
    /// Of each opening bracket, the number of the closing one; to be filled.
    pub(super) partners: &'t mut [u32],
    pub(super) open: &'t mut OpenContainers,
}

/// What one block of tokens tells the next.
struct Carry {
    depth: usize,
    /// All ones if the innermost open container is an object.
    in_object: u64,
    before: TokenMasks,
    /// Strings that have to be a member's name.
    names: u64,
}

impl Tokens<'_> {
    /// Checks that the tokens spell one object, and pairs its brackets.
    #[inline(always)]
    pub(super) fn check(mut self, reader: impl BlockReader) -> Result<(), Unclear> {
        if self.kinds[0] != b'{' {
            return Err(Unclear);
        }
        // As if a colon stood before the text: a value has to follow.
        let before = TokenMasks { colon: 1 << 63, ..TokenMasks::default() };
        let mut carry = Carry { depth: 0, in_object: 0, before, names: 0 };
        let count = self.starts.len() - 1;
        for first in (0..count).step_by(BLOCK_BYTES) {
            let kinds: &Block = self.kinds[first..][..BLOCK_BYTES].as_array().expect("a block");
            let masks = reader.token_masks(kinds);
            self.block(first, (count - first).min(BLOCK_BYTES), &masks, &mut carry)?;
        }
        if carry.depth == 0 { Ok(()) } else { Err(Unclear) }
    }

    /// Checks up to 64 tokens, `count`, from token `first` on.
    #[inline(always)]
    fn block(
        &mut self,
        first: usize,
        count: usize,
        masks: &TokenMasks,
        carry: &mut Carry,
    ) -> Result<(), Unclear> {
        let objects = self.pair_brackets(first, masks, carry)?;
        let faults = carry.faults(masks, objects) | (!masks.any() & (u64::MAX >> (BLOCK_BYTES - count)));
        if faults != 0 || !self.literals_are_spelled_out(first, masks.literal) {
            return Err(Unclear);
        }
        Ok(())
    }

    /// Pairs the brackets. Gives the tokens whose innermost container is an object; a bracket's is the one
    /// around it.
    #[inline(always)]
    fn pair_brackets(&mut self, first: usize, masks: &TokenMasks, carry: &mut Carry) -> Result<u64, Unclear> {
        let opening = masks.open_object | masks.open_array;
        let closing = masks.close_object | masks.close_array;
        let mut brackets = opening | closing;
        let mut objects = carry.in_object;
        while brackets != 0 {
            let bit = brackets.trailing_zeros();
            brackets &= brackets - 1;
            let token = first + bit as usize;
            if opening >> bit & 1 == 0 {
                self.close(token, masks.close_object >> bit & 1, carry)?;
            } else {
                let is_object = masks.open_object >> bit & 1;
                let next = brackets.trailing_zeros();
                if brackets & closing & (1 << (next % 64)) != 0 && carry.depth != 0 {
                    brackets &= brackets - 1;
                    let inside = (!1 << bit) ^ (!1 << next);
                    objects = objects & !inside | all_ones_if(is_object) & inside;
                    self.close_innermost(token, first + next as usize, carry.depth)?;
                    if masks.close_object >> next & 1 != is_object {
                        return Err(Unclear);
                    }
                    continue;
                }
                self.open(token, is_object, carry)?;
            }
            let behind = !1 << bit;
            objects = objects & !behind | carry.in_object & behind;
        }
        Ok(objects)
    }

    #[inline(always)]
    fn open(&mut self, token: usize, is_object: u64, carry: &mut Carry) -> Result<(), Unclear> {
        carry.depth += 1;
        *self.open.0.get_mut(carry.depth).ok_or(Unclear)? = Container::opened(token, is_object);
        carry.in_object = all_ones_if(is_object);
        Ok(())
    }

    /// Opens and closes a container that holds no other, as most do.
    #[inline(always)]
    fn close_innermost(&mut self, opening: usize, closing: usize, depth: usize) -> Result<(), Unclear> {
        self.partners[opening] = closing as u32;
        if depth == DEPTH_MAX { Err(Unclear) } else { Ok(()) }
    }

    #[inline(always)]
    fn close(&mut self, token: usize, is_object: u64, carry: &mut Carry) -> Result<(), Unclear> {
        let closed = self.open.0[carry.depth];
        if carry.depth == 0 || closed.is_object() != is_object {
            return Err(Unclear);
        }
        self.partners[closed.token()] = token as u32;
        carry.depth -= 1;
        // What follows the whole object is not ours to judge.
        if carry.depth == 0 && token + 2 != self.starts.len() {
            return Err(Unclear);
        }
        carry.in_object = all_ones_if(self.open.0[carry.depth].is_object());
        Ok(())
    }

    #[inline(always)]
    fn literals_are_spelled_out(&self, first: usize, mut literals: u64) -> bool {
        while literals != 0 {
            let token = first + literals.trailing_zeros() as usize;
            literals &= literals - 1;
            if !is_literal(&self.text[self.starts[token] as usize..]) {
                return false;
            }
        }
        true
    }
}

/// Whether `text` begins with one of the three literals and something that ends it.
#[inline(always)]
fn is_literal(text: &[u8]) -> bool {
    let rest = match text {
        [b't', b'r', b'u', b'e', rest @ ..] | [b'n', b'u', b'l', b'l', rest @ ..] => rest,
        [b'f', b'a', b'l', b's', b'e', rest @ ..] => rest,
        _ => return false,
    };
    matches!(
        rest.first(),
        None | Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"')
    )
}

#[inline(always)]
fn all_ones_if(one: u64) -> u64 {
    0_u64.wrapping_sub(one)
}

/// Tokens moved to the one behind them, with the last one of the block before.
#[inline(always)]
fn behind(now: u64, before: u64) -> u64 {
    now << 1 | before >> 63
}

impl TokenMasks {
    /// First tokens of values.
    #[inline(always)]
    fn values(&self) -> u64 {
        self.string | self.number | self.literal | self.open_object | self.open_array
    }

    /// Last tokens of values; names, too.
    #[inline(always)]
    fn ends(&self) -> u64 {
        self.string | self.number | self.literal | self.close_object | self.close_array
    }

    #[inline(always)]
    fn any(&self) -> u64 {
        self.values() | self.ends() | self.colon | self.comma
    }

    /// What a value can follow.
    #[inline(always)]
    fn leads(&self) -> u64 {
        self.colon | self.comma | self.open_object | self.open_array
    }
}

impl Carry {
    /// Tokens that may not stand where they stand; `objects` are those whose innermost container is one.
    #[inline(always)]
    fn faults(&mut self, now: &TokenMasks, objects: u64) -> u64 {
        let before = std::mem::replace(&mut self.before, *now);
        let behind_end = behind(now.ends(), before.ends());
        let behind_comma = behind(now.comma, before.comma);
        let behind_open_object = behind(now.open_object, before.open_object);
        let behind_open_array = behind(now.open_array, before.open_array);
        let names = now.string & objects & (behind_open_object | behind_comma);
        let behind_name = behind(names, std::mem::replace(&mut self.names, names));
        now.values() & !behind(now.leads(), before.leads())
            | now.comma & !behind_end
            | now.close_object & !(behind_end | behind_open_object)
            | now.close_array & !(behind_end | behind_open_array)
            | behind_open_object & !(now.string | now.close_object)
            | behind_comma & objects & !now.string
            | behind_name ^ now.colon
    }
}
