//! Finds the structural bytes of a whole event, 64 bytes at a time.
//!
//! The matcher looks at few of an event's values. So the event is first turned into a list of the places
//! where something begins (a bracket, a colon, a comma, a string, another scalar); whoever walks it steps
//! from place to place and never sees the inside of a string that nobody asked for. What can only be seen
//! *inside* strings is checked here, for all of them: control characters, escapes, UTF-8.
//!
//! The method is that of simdjson's first stage (Langdale and Lemire, VLDB Journal 2019): bit masks per
//! block, with a carry from block to block. What depends on the machine is behind `BlockReader`: how to
//! get the masks of a block, and how to write down the places of a mask's bits. All readers give identical
//! answers (tests compare them), and all but the portable one live in `x86`, the only home of `unsafe`.

mod blocks;
mod index;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use index::{InstructionSet, StructuralIndex};
