//! Finds and checks the structure of a whole event, 64 bytes at a time.
//!
//! The matcher looks at few of an event's values. So the event is first turned into a list of tokens (a
//! bracket, a colon, a comma, a string, another scalar): where each begins, its first byte, and for each
//! opening bracket the closing one. Whoever walks it steps over whatever nobody asked for in one step.
//!
//! Nothing of the grammar is left to the walk, and none of it is checked token by token:
//!
//! 1. `blocks`: masks of 64 bytes, with a carry from block to block, give the tokens (the first stage of
//!    simdjson; Langdale and Lemire, VLDB Journal 2019), control characters and escapes inside strings.
//! 2. `numbers`: the same masks give every fault of a number.
//! 3. `grammar`: the first bytes of the tokens stand side by side in memory, so which token may follow which
//!    is again a matter of masks, of 64 tokens at once. Only brackets are looked at one by one.
//!
//! What depends on the machine is behind `BlockReader`: how to get the masks, and how to write down what a
//! mask selects. All readers give identical answers (tests compare them); those with vector instructions are
//! the only home of `unsafe`.

mod blocks;
mod counting;
mod grammar;
mod index;
mod instructions;
#[cfg(target_arch = "aarch64")]
mod neon;
mod numbers;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use counting::counts_as_one_object;
pub use grammar::Unclear;
pub use index::StructuralIndex;
pub use instructions::InstructionSet;
