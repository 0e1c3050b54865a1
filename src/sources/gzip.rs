//! Gzip data of several members, read on behind a damaged one.
//!
//! `flate2`'s own reader for several members stops at the first fault. Files that Firehose writes are members
//! back to back, each whole in itself, so the ones behind a damaged one are worth finding.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::fault::Fault;
use super::{Compression, SourceProblem};

/// What every member starts with: the magic bytes and the only method there is. Source: RFC 1952, 2.3.
pub(super) const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
const HEADER_LEN: usize = 10;
/// How far back the search behind a fault may begin. A damaged member is often read far into the next ones
/// before the damage shows.
const LOOK_BACK_BYTES: usize = 1 << 20;

pub(super) type Input = Box<dyn BufRead + Send>;

/// Reads the members one after the other.
pub(super) struct GzipMembers {
    state: State,
}

enum State {
    Inside(Box<GzDecoder<Recorded>>),
    /// Behind a damaged member.
    Searching(Input),
    Done,
}

impl GzipMembers {
    pub(super) fn new(input: Input) -> GzipMembers {
        GzipMembers { state: State::Inside(Box::new(GzDecoder::new(Recorded { input, passed: Vec::new() }))) }
    }

    fn next_member(&mut self, mut input: Input) -> io::Result<()> {
        // Some tools pad with zeros up to the end of a block.
        while let [0, ..] = input.fill_buf()? {
            let zeros = input.fill_buf()?.iter().take_while(|byte| **byte == 0).count();
            input.consume(zeros);
        }
        match input.fill_buf()?.first() {
            None => Ok(()),
            Some(&first) if first == GZIP_MAGIC[0] => {
                *self = GzipMembers::new(input);
                Ok(())
            }
            Some(_) => Err(Fault::last(SourceProblem::TrailingBytes(Compression::Gzip))),
        }
    }

    fn fail(&mut self, recorded: Recorded, error: io::Error) -> io::Error {
        let below = Fault::in_error(&error);
        if below.is_none() && is_trouble_below(&error) {
            return error;
        }
        if below.is_some_and(|fault| !fault.resumable) {
            return error;
        }
        let cut_off = below.is_none() && error.kind() == io::ErrorKind::UnexpectedEof;
        let mut passed = recorded.passed;
        passed.drain(..passed.len().min(1));
        if cut_off && !holds_header(&passed) {
            return Fault::last(SourceProblem::Truncated(Compression::Gzip));
        }
        self.state = State::Searching(Box::new(io::Cursor::new(passed).chain(recorded.input)));
        if below.is_some() {
            return error;
        }
        let detail = error.to_string().into();
        Fault::resumable(SourceProblem::Corrupt { compression: Compression::Gzip, detail })
    }
}

/// Remembers the last bytes that were read since the start of a member.
struct Recorded {
    input: Input,
    passed: Vec<u8>,
}

impl Read for Recorded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Recorded {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        // A failing read counts as no bytes; the decoder has seen the error already.
        let consumed = self.input.fill_buf().map_or(&[][..], |block| &block[..count.min(block.len())]);
        self.passed.extend_from_slice(consumed);
        if self.passed.len() > 2 * LOOK_BACK_BYTES {
            self.passed.drain(..self.passed.len() - LOOK_BACK_BYTES);
        }
        self.input.consume(count);
    }
}

impl Read for GzipMembers {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Ok(0),
                State::Searching(input) => match next_header(input)? {
                    Some(input) => *self = GzipMembers::new(input),
                    None => return Ok(0),
                },
                State::Inside(mut decoder) => match decoder.read(buffer) {
                    Ok(0) if !buffer.is_empty() => self.next_member(decoder.into_inner().input)?,
                    Ok(count) => {
                        self.state = State::Inside(decoder);
                        return Ok(count);
                    }
                    Err(error) => return Err(self.fail(decoder.into_inner(), error)),
                },
            }
        }
    }
}

/// `flate2` reports damage with these two kinds; all others come from the file.
fn is_trouble_below(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    !matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof)
}

/// The input from the next member's header on.
fn next_header(mut input: Input) -> io::Result<Option<Input>> {
    let mut header = Vec::with_capacity(HEADER_LEN);
    loop {
        let block = input.fill_buf()?;
        if block.is_empty() {
            return Ok(None);
        }
        // Byte by byte only while a header could be under way; a block without its first byte is skipped whole.
        if header.is_empty() {
            let skipped = memchr::memchr(GZIP_MAGIC[0], block).unwrap_or(block.len());
            if skipped > 0 {
                input.consume(skipped);
                continue;
            }
        }
        header.push(block[0]);
        input.consume(1);
        while !header.is_empty() && !may_start_header(&header) {
            header.remove(0);
        }
        if header.len() == HEADER_LEN {
            return Ok(Some(Box::new(io::Cursor::new(header).chain(input))));
        }
    }
}

fn holds_header(bytes: &[u8]) -> bool {
    bytes.windows(HEADER_LEN).any(may_start_header)
}

/// Whether `bytes` can begin a header. Flags, level and system are checked too, since in compressed data the
/// magic bytes alone turn up by chance every 16 MB.
fn may_start_header(bytes: &[u8]) -> bool {
    let flags_fit = bytes.get(3).is_none_or(|flags| flags & 0xe0 == 0);
    let level_fits = bytes.get(8).is_none_or(|level| matches!(level, 0 | 2 | 4));
    let system_fits = bytes.get(9).is_none_or(|system| matches!(system, 0..=13 | 255));
    bytes.iter().zip(GZIP_MAGIC).all(|(byte, magic)| *byte == magic) && flags_fit && level_fits && system_fits
}
