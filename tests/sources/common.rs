//! Reads a source to its end and shows its items as text, one line for each.

use std::io::{self, Read, Write};

use flate2::write::GzEncoder;
use ruleproof::sources::{Batch, EventSource, FileEvents, Item, Progress, SourceLimits};

/// Limits that make everything that can be split be split.
pub(super) fn tiny() -> SourceLimits {
    SourceLimits { batch_bytes_target: 1, block_bytes: 1, ..SourceLimits::default() }
}

/// The items of `text`, one line each: `OFFSET:LINE event TEXT`, `.. broken MESSAGE` or `.. skipped REASON`.
pub(super) fn items(text: &[u8]) -> Vec<String> {
    items_with(text, SourceLimits::default())
}

pub(super) fn items_with(text: &[u8], limits: SourceLimits) -> Vec<String> {
    drain(FileEvents::from_reader("test", Box::new(io::Cursor::new(text.to_vec())), limits))
}

/// The items of a source that gives at most `bytes_max` bytes at a time.
pub(super) fn items_in_steps(text: &[u8], bytes_max: usize, limits: SourceLimits) -> Vec<String> {
    let reader = Steps { rest: io::Cursor::new(text.to_vec()), bytes_max };
    drain(FileEvents::from_reader("test", Box::new(reader), limits))
}

pub(super) fn drain(mut source: FileEvents) -> Vec<String> {
    let mut batch = Batch::default();
    let mut shown = Vec::new();
    loop {
        let progress = source.next_batch(&mut batch);
        shown.extend(batch.items().iter().map(|item| show(item, &batch)));
        if progress == Progress::Done {
            return shown;
        }
    }
}

fn show(item: &Item, batch: &Batch) -> String {
    let origin = item.origin();
    let place = format!("{}:{}", origin.offset_bytes, origin.line);
    match item {
        Item::Event { bytes, .. } => format!("{place} event {}", String::from_utf8_lossy(batch.event(bytes))),
        Item::Broken { problem, .. } => format!("{place} broken {problem}"),
        Item::Skipped { reason, .. } => format!("{place} skipped {reason}"),
    }
}

/// The items without their places.
pub(super) fn contents(text: &[u8]) -> Vec<String> {
    items(text).iter().map(|item| without_place(item)).collect()
}

pub(super) fn without_place(item: &str) -> String {
    item.split_once(' ').map_or(item, |(_, content)| content).to_owned()
}

pub(super) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

pub(super) fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 3).expect("writing to memory")
}

struct Steps {
    rest: io::Cursor<Vec<u8>>,
    bytes_max: usize,
}

impl Read for Steps {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.bytes_max);
        self.rest.read(&mut buffer[..count])
    }
}

/// A file of `tests/sources/data`.
pub(super) fn data(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/data").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
