//! The choice of a block reader when the program runs.

use super::blocks::Work;
#[cfg(target_arch = "aarch64")]
use super::neon::Neon;
use super::portable::Portable;
#[cfg(target_arch = "x86_64")]
use super::x86::{Avx2, Avx512};

/// The instructions that indexing uses. All give the same index.
#[derive(Debug, Clone, Copy)]
pub struct InstructionSet(Reader);

#[derive(Debug, Clone, Copy)]
enum Reader {
    Portable(Portable),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
}

impl InstructionSet {
    /// The fastest that this machine has.
    pub fn best() -> InstructionSet {
        InstructionSet::available().next().unwrap_or(InstructionSet(Reader::Portable(Portable)))
    }

    /// All that this machine has, the fastest first.
    pub fn available() -> impl Iterator<Item = InstructionSet> {
        let portable = [Reader::Portable(Portable)].into_iter();
        #[cfg(target_arch = "x86_64")]
        let readers = Avx512::detect()
            .map(Reader::Avx512)
            .into_iter()
            .chain(Avx2::detect().map(Reader::Avx2))
            .chain(portable);
        #[cfg(target_arch = "aarch64")]
        let readers = [Reader::Neon(Neon)].into_iter().chain(portable);
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let readers = portable;
        readers.map(InstructionSet)
    }

    /// The name, for reports.
    pub fn name(self) -> &'static str {
        match self.0 {
            Reader::Portable(_) => "portable",
            #[cfg(target_arch = "x86_64")]
            Reader::Avx2(_) => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Reader::Avx512(_) => "AVX-512",
            #[cfg(target_arch = "aarch64")]
            Reader::Neon(_) => "NEON",
        }
    }

    /// Does `work` with these instructions.
    #[inline]
    pub(super) fn run<W: Work>(self, work: W) -> W::Outcome {
        match self.0 {
            Reader::Portable(reader) => work.run(reader),
            #[cfg(target_arch = "x86_64")]
            Reader::Avx2(reader) => reader.run(work),
            #[cfg(target_arch = "x86_64")]
            Reader::Avx512(reader) => reader.run(work),
            #[cfg(target_arch = "aarch64")]
            Reader::Neon(reader) => work.run(reader),
        }
    }
}
