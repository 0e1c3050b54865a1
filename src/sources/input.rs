//! One input: how it is opened, counted, recognised and read through.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::batch::{Batch, Found};
use super::compression::Decompressed;
use super::documents::Documents;
use super::fault::Fault;
use super::log_export::LogExport;
use super::origin::Origins;
use super::sniff::{Kind, SNIFF_BYTES, sniff};
use super::window::{Ahead, Window};
use super::{FeedFailure, InputId, InputStamp, OpenFeed, Origin, SkipReason, SourceLimits, SourceProblem};

/// An input that was not opened yet.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) place: InputPlace,
}

/// Where an input's bytes come from.
pub(super) enum InputPlace {
    Stdin,
    File(PathBuf),
    Reader(Box<dyn Read + Send>),
    /// A feed that is still to be opened.
    Unopened,
    /// Several inputs, which are found one after the other.
    Feed(Box<OpenFeed>),
    /// Known to hold no events.
    LeftOut(SkipReason),
    /// Was opened before.
    Taken,
}

impl InputPlace {
    /// By what it is known again; `None` if it cannot be read again.
    pub(super) fn stamp(&self) -> Option<InputStamp> {
        match self {
            InputPlace::File(path) => InputStamp::of_file(path),
            // Feeds know their inputs again themselves.
            InputPlace::Unopened | InputPlace::Feed(_) | InputPlace::LeftOut(_) | InputPlace::Taken => {
                Some(InputStamp::default())
            }
            InputPlace::Stdin | InputPlace::Reader(_) => None,
        }
    }

    /// Where a feed says that it could not go on.
    pub(super) fn failure(&self) -> Option<FeedFailure> {
        match self {
            InputPlace::Feed(feed) => Some(feed.failure.clone()),
            _ => None,
        }
    }

    /// The file, if it is one.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            InputPlace::File(path) => Some(path),
            _ => None,
        }
    }

    /// The size of a plain file; `None` for everything whose size cannot be known.
    pub(super) fn bytes_stored(&self) -> Option<u64> {
        match self {
            InputPlace::File(path) => {
                fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len())
            }
            InputPlace::LeftOut(_) => Some(0),
            InputPlace::Stdin
            | InputPlace::Reader(_)
            | InputPlace::Unopened
            | InputPlace::Feed(_)
            | InputPlace::Taken => None,
        }
    }
}

/// How much of all inputs has been read, for a progress bar. Clones show the same count.
#[derive(Debug, Clone, Default)]
pub struct BytesRead(Arc<AtomicU64>);

impl BytesRead {
    /// Bytes as they are stored, that is, before decompression.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Counted<R> {
    reader: R,
    bytes_read: BytesRead,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.bytes_read.0.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// An input that is being read.
pub(super) struct OpenInput {
    stream: Decompressed,
    origins: Option<Origins>,
    format: Format,
    ahead: Ahead,
    fault: Option<Fault>,
    /// Whether to hand on what is there rather than to wait for more.
    live: bool,
    /// Whether the last read of a live input took all there was, so that the next one may wait.
    drained: bool,
}

enum Format {
    /// Too little has been read to tell.
    Unknown {
        start: u64,
    },
    Documents(Box<Documents>),
    LogExport(LogExport),
    /// Reported; the rest is not read.
    Refused,
}

/// How far reading came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Advance {
    BatchFull,
    InputEnded,
}

impl OpenInput {
    /// Opens `place`, whose first byte gets offset `start` and is on the line `first_line`.
    ///
    /// # Errors
    /// What is to be reported instead of the input.
    pub(super) fn open(
        place: InputPlace,
        id: InputId,
        start: u64,
        first_line: u64,
        bytes_read: &BytesRead,
    ) -> Result<OpenInput, SourceProblem> {
        let bytes_read = bytes_read.clone();
        let live = matches!(place, InputPlace::Stdin);
        let raw: Box<dyn Read + Send> = match place {
            InputPlace::Stdin => Box::new(Counted { reader: io::stdin(), bytes_read }),
            InputPlace::File(path) => {
                let reader = File::open(path).map_err(|error| unreadable(&error))?;
                Box::new(Counted { reader, bytes_read })
            }
            InputPlace::Reader(reader) => Box::new(Counted { reader, bytes_read }),
            InputPlace::Unopened | InputPlace::Feed(_) | InputPlace::LeftOut(_) | InputPlace::Taken => {
                Box::new(io::empty())
            }
        };
        Ok(OpenInput {
            stream: Decompressed::open(raw)?,
            origins: Some(Origins::new(id, start, first_line)),
            format: Format::Unknown { start },
            ahead: Ahead::More,
            fault: None,
            live,
            drained: false,
        })
    }

    /// Reads on until the batch is full or the input ends.
    pub(super) fn advance(&mut self, batch: &mut Batch, limits: &SourceLimits) -> Advance {
        loop {
            let (window, found) = batch.parts();
            self.parse(window, found, limits);
            let waits = std::mem::take(&mut self.drained) && found.len() > 0;
            if waits || found.len() >= limits.batch_items_max {
                return Advance::BatchFull;
            }
            if matches!(self.format, Format::Refused) || (self.ahead == Ahead::Nothing && self.end(batch)) {
                return Advance::InputEnded;
            }
            if batch.bytes_held() >= limits.batch_bytes_target && self.make_way(batch) {
                return Advance::BatchFull;
            }
            self.read(batch, limits);
        }
    }

    /// The first byte that is still needed.
    pub(super) fn keep_from(&mut self, window: Window<'_>) -> u64 {
        match &mut self.format {
            Format::Unknown { start } => *start,
            Format::Documents(documents) => documents.keep_from(window),
            Format::LogExport(export) => export.keep_from(window),
            Format::Refused => window.end(),
        }
    }

    fn parse(&mut self, window: Window<'_>, found: &mut Found, limits: &SourceLimits) {
        if let Format::Unknown { start } = self.format {
            let enough = window.end() - start >= SNIFF_BYTES as u64 || self.ahead == Ahead::Nothing;
            if let Some(origins) = self.origins.take_if(|_| enough) {
                self.format = Format::of(origins, start, window, found, limits);
            }
        }
        let (ahead, items_max) = (self.ahead, limits.batch_items_max);
        match &mut self.format {
            Format::Documents(documents) => documents.run(window, ahead, found, items_max),
            Format::LogExport(export) => export.run(window, ahead, found, items_max),
            Format::Unknown { .. } | Format::Refused => {}
        }
    }

    /// Ends the input where its bytes end; `false` if more may come from behind a fault.
    fn end(&mut self, batch: &mut Batch) -> bool {
        let (window, found) = batch.parts();
        let (problem, resumable) =
            self.fault.take().map_or((None, false), |fault| (Some(fault.problem), fault.resumable));
        match &mut self.format {
            Format::Documents(documents) => documents.finish(window, found, problem),
            Format::LogExport(export) => export.finish(window, found, problem),
            Format::Unknown { .. } | Format::Refused => {}
        }
        if resumable {
            self.ahead = Ahead::More;
        }
        !resumable
    }

    /// Whether the batch has to be handed on, now that it has reached its size. A document that needs more than
    /// that is read on, and if nothing is kept, an empty batch shows that reading is under way.
    fn make_way(&mut self, batch: &mut Batch) -> bool {
        let keep = self.keep_from(batch.window());
        if batch.found().len() > 0 || keep == batch.window().end() {
            return true;
        }
        batch.drop_before(keep);
        false
    }

    /// Reads a block.
    fn read(&mut self, batch: &mut Batch, limits: &SourceLimits) {
        match batch.fill(limits.block_bytes, |block| self.stream.read(block)) {
            Ok(0) => self.ahead = Ahead::Nothing,
            Ok(count) => self.drained = self.live && count < limits.block_bytes,
            Err(fault) => {
                self.ahead = Ahead::Nothing;
                self.fault = Some(fault);
            }
        }
    }
}

impl Format {
    fn of(
        mut origins: Origins,
        start: u64,
        window: Window<'_>,
        found: &mut Found,
        limits: &SourceLimits,
    ) -> Format {
        match sniff(window.from(start)) {
            Kind::Documents => {
                Format::Documents(Box::new(Documents::new(start, origins, limits.event_bytes_max)))
            }
            Kind::LogExport => Format::LogExport(LogExport::new(start, origins, limits.event_bytes_max)),
            Kind::Refused(problem) => {
                found.broken(origins.at(start, window), problem);
                Format::Refused
            }
        }
    }
}

pub(super) fn unreadable(error: &io::Error) -> SourceProblem {
    SourceProblem::Unreadable(error.to_string().into())
}

/// The place of an input's first byte.
pub(super) fn first_byte(input: InputId) -> Origin {
    Origin { input, offset_bytes: 0, line: 1 }
}
