//! Undoes compression, layer by layer, whatever the name of the file says.

use std::io::{self, BufReader, Cursor, Read};

use super::fault::Fault;
use super::gzip::{GZIP_MAGIC, GzipMembers, Input};
use super::{Compression, SourceProblem};

/// Layers that are undone. Services make up to two: a subscription's gzip in Firehose's own.
const LAYERS_MAX: usize = 4;
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Compressed bytes held at a time, per layer.
const BLOCK_BYTES: usize = 64 << 10;

/// An input's bytes without any compression.
pub(super) struct Decompressed {
    /// `None` before the first read and after the last.
    reader: Option<Box<dyn Read + Send>>,
}

impl Decompressed {
    /// Looks at the first bytes of `raw` and undoes what they announce.
    pub(super) fn open(raw: Box<dyn Read + Send>) -> Result<Decompressed, SourceProblem> {
        let reader = undo_layers(raw).map_err(|error| Fault::of(error).problem)?;
        Ok(Decompressed { reader: Some(reader) })
    }

    /// Reads on; 0 bytes are the end. After a resumable fault another read may bring more.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        let Some(reader) = &mut self.reader else { return Ok(0) };
        loop {
            match reader.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(count) => return Ok(count),
                Err(error) => {
                    let fault = Fault::of(error);
                    if !fault.resumable {
                        self.reader = None;
                    }
                    return Err(fault);
                }
            }
        }
    }
}

/// Whether these bytes start compressed data.
pub(super) fn compression_of(start: &[u8]) -> Option<Compression> {
    // Frames that a decoder skips come before others in seekable zstd files. Source: RFC 8878, 3.1.2.
    let skippable = matches!(start, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]);
    if start.starts_with(&GZIP_MAGIC) {
        Some(Compression::Gzip)
    } else if start.starts_with(&ZSTD_MAGIC) || skippable {
        Some(Compression::Zstd)
    } else {
        None
    }
}

fn undo_layers(mut reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    for _ in 0..LAYERS_MAX {
        let (start, whole) = peek(reader)?;
        reader = match compression_of(&start) {
            None => return Ok(whole),
            Some(Compression::Gzip) => Box::new(GzipMembers::new(buffered(whole))),
            Some(Compression::Zstd) => Box::new(ZstdFrames::new(buffered(whole))?),
        };
    }
    match peek(reader)? {
        (start, _) if compression_of(&start).is_some() => {
            Err(Fault::last(SourceProblem::CompressedTooOften { levels_max: LAYERS_MAX }))
        }
        (_, whole) => Ok(whole),
    }
}

fn buffered(reader: Box<dyn Read + Send>) -> Input {
    Box::new(BufReader::with_capacity(BLOCK_BYTES, reader))
}

/// The first bytes, and a reader that still gives them.
fn peek(mut reader: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut start = Vec::with_capacity(ZSTD_MAGIC.len());
    let read = (&mut reader).take(ZSTD_MAGIC.len() as u64).read_to_end(&mut start);
    let failure = FailOnce(read.err());
    Ok((start.clone(), Box::new(Cursor::new(start).chain(failure).chain(reader))))
}

/// Gives an error that came while peeking in its place, behind the bytes that came before it.
struct FailOnce(Option<io::Error>);

impl Read for FailOnce {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Zstd frames, with faults told apart.
struct ZstdFrames(zstd::stream::read::Decoder<'static, Input>);

impl ZstdFrames {
    fn new(input: Input) -> io::Result<ZstdFrames> {
        zstd::stream::read::Decoder::with_buffer(input).map(ZstdFrames)
    }
}

impl Read for ZstdFrames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Fault::last(SourceProblem::Truncated(Compression::Zstd)),
            io::ErrorKind::Other if Fault::in_error(&error).is_none() => {
                let detail = error.to_string().into();
                Fault::last(SourceProblem::Corrupt { compression: Compression::Zstd, detail })
            }
            _ => error,
        })
    }
}

/// Undoes the compression of `bytes`, up to `bytes_max`.
///
/// # Errors
/// What is wrong with the data, or that it exceeds the limit.
pub(super) fn decompress(bytes: Vec<u8>, bytes_max: usize) -> Result<Vec<u8>, SourceProblem> {
    let mut input = Decompressed::open(Box::new(Cursor::new(bytes)))?;
    let mut text = Vec::new();
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match input.read(&mut block).map_err(|fault| fault.problem)? {
            0 => return Ok(text),
            count => text.extend_from_slice(&block[..count]),
        }
        if text.len() > bytes_max {
            let (seen_bytes, limit_bytes) = (text.len() as u64, bytes_max as u64);
            return Err(SourceProblem::EventTooLarge { seen_bytes, limit_bytes });
        }
    }
}
