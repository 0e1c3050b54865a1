//! The events of files and of standard input, one input after the other.

use std::io::Read;
use std::path::Path;

use super::batch::Batch;
use super::input::{Advance, BytesRead, Input, InputPlace, OpenInput, first_byte};
use super::open::{self, OpenError};
use super::{InputId, SourceLimits};

/// A place that events are read from.
pub trait EventSource: Send {
    /// Replaces the content of `batch` with the next events, in order. After [`Progress::Done`], do not call
    /// again.
    ///
    /// Never fails: what cannot be read is an item. A batch may be empty, when much had to be passed over.
    fn next_batch(&mut self, batch: &mut Batch) -> Progress;

    /// The name of an input, for messages.
    fn input_name(&self, input: InputId) -> &str;
}

impl EventSource for Box<dyn EventSource> {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        self.as_mut().next_batch(batch)
    }

    fn input_name(&self, input: InputId) -> &str {
        self.as_ref().input_name(input)
    }
}

/// Whether a source has more to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Call again.
    More,
    /// This batch was the last; its items count.
    Done,
}

/// The events of files, directories and standard input.
///
/// ```
/// use ruleproof::sources::{Batch, EventSource, FileEvents, Item, Progress, SourceLimits};
///
/// let text: &[u8] = br#"[{"source":"shop"},{"source":"stock"}]"#;
/// let mut events = FileEvents::from_reader("orders", Box::new(text), SourceLimits::default());
/// let mut batch = Batch::default();
/// assert_eq!(events.next_batch(&mut batch), Progress::Done);
/// let Item::Event { bytes, origin } = &batch.items()[1] else { panic!("a whole event") };
/// assert_eq!(batch.event(bytes), br#"{"source":"stock"}"#);
/// assert_eq!((events.input_name(origin.input), origin.offset_bytes, origin.line), ("orders", 19, 1));
/// ```
pub struct FileEvents {
    inputs: Vec<Input>,
    next_input: usize,
    current: Option<OpenInput>,
    limits: SourceLimits,
    /// Bytes of the current input that the last batch had to leave, and the offset of the first.
    carried: Vec<u8>,
    carried_start: u64,
    bytes_read: BytesRead,
    bytes_total: Option<u64>,
}

impl FileEvents {
    /// Finds what `specs` name: paths of files, directories (read recursively, in the order of the paths, without
    /// hidden files), globs, and `-` for standard input.
    ///
    /// Files are opened when their turn comes; one that cannot be read by then is a broken item.
    ///
    /// # Errors
    /// Every spec that names nothing, and everything that cannot be looked at.
    pub fn open(specs: &[String], limits: SourceLimits) -> Result<FileEvents, Vec<OpenError>> {
        open::inputs(specs).map(|inputs| FileEvents::of(inputs, limits))
    }

    /// The events of one reader, which is called `name` in messages.
    pub fn from_reader(name: &str, reader: Box<dyn Read + Send>, limits: SourceLimits) -> FileEvents {
        FileEvents::of(vec![Input { name: name.to_owned(), place: InputPlace::Reader(reader) }], limits)
    }

    fn of(inputs: Vec<Input>, mut limits: SourceLimits) -> FileEvents {
        limits.block_bytes = limits.block_bytes.max(1);
        limits.batch_items_max = limits.batch_items_max.max(1);
        let bytes_total = inputs.iter().map(|input| input.place.bytes_stored()).sum();
        FileEvents {
            inputs,
            next_input: 0,
            current: None,
            limits,
            carried: Vec::new(),
            carried_start: 0,
            bytes_read: BytesRead::default(),
            bytes_total,
        }
    }

    /// The files among the inputs.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.inputs.iter().filter_map(|input| input.place.path())
    }

    /// Whether standard input is among the inputs.
    pub fn reads_standard_input(&self) -> bool {
        self.inputs.iter().any(|input| matches!(input.place, InputPlace::Stdin))
    }

    /// The size of all inputs as they are stored, if all are plain files.
    pub fn bytes_total(&self) -> Option<u64> {
        self.bytes_total
    }

    /// How much has been read; it goes on counting while the source is read elsewhere.
    pub fn progress(&self) -> BytesRead {
        self.bytes_read.clone()
    }

    /// Opens the next input, or reports why it is not read. `false` if there is none.
    fn open_next(&mut self, batch: &mut Batch) -> bool {
        let Some(input) = self.inputs.get_mut(self.next_input) else { return false };
        let id = InputId(u32::try_from(self.next_input).unwrap_or(u32::MAX));
        self.next_input += 1;
        let start = batch.window().end();
        match std::mem::replace(&mut input.place, InputPlace::Taken) {
            InputPlace::LeftOut(reason) => batch.found().skipped(first_byte(id), reason),
            place => match OpenInput::open(place, id, start, &self.bytes_read) {
                Ok(open) => self.current = Some(open),
                Err(problem) => batch.found().broken(first_byte(id), problem),
            },
        }
        true
    }

    fn finish(&mut self, batch: &mut Batch) {
        let window = batch.window();
        let keep = self.current.as_mut().map_or(window.end(), |input| input.keep_from(window));
        batch.finish(keep, &mut self.carried);
        self.carried_start = keep;
    }
}

impl EventSource for FileEvents {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        batch.begin(self.carried_start, &self.carried);
        let progress = loop {
            let Some(input) = &mut self.current else {
                if batch.found().len() >= self.limits.batch_items_max {
                    break Progress::More;
                }
                if self.open_next(batch) {
                    continue;
                }
                break Progress::Done;
            };
            match input.advance(batch, &self.limits) {
                Advance::BatchFull => break Progress::More,
                Advance::InputEnded => self.current = None,
            }
        };
        self.finish(batch);
        progress
    }

    fn input_name(&self, input: InputId) -> &str {
        self.inputs.get(input.0 as usize).map_or("unknown input", |input| &input.name)
    }
}
