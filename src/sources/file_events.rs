//! The events of files, of standard input and of feeds, one input after the other.

use std::io::Read;
use std::path::Path;

use super::batch::Batch;
use super::fed::Fed;
use super::input::{Advance, BytesRead, Input, InputPlace, OpenInput, first_byte};
use super::open::{self, OpenError};
use super::reading::Reading;
use super::{
    Acknowledgements, Again, FeedFailure, Feeds, InputId, InputStamp, NoFeeds, Origin, Position,
    SourceLimits, SourceProblem,
};

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
    fed: Fed,
    current: Option<OpenInput>,
    reading: Reading,
    limits: SourceLimits,
    /// Bytes of the current input that the last batch had to leave, and the offset of the first.
    carried: Vec<u8>,
    carried_start: u64,
    bytes_read: BytesRead,
    bytes_total: Option<u64>,
}

/// Events of which is known where they lie.
pub struct FoundEvents(FileEvents);

impl FoundEvents {
    /// To look at; feeds among them are not open, so nothing can be read.
    pub fn events(&self) -> &FileEvents {
        &self.0
    }

    /// Opens the feeds; what comes before `from` is passed over.
    ///
    /// # Errors
    /// Every feed that cannot be opened.
    pub fn open(mut self, feeds: &dyn Feeds, from: Option<&Position>) -> Result<FileEvents, Vec<OpenError>> {
        let errors = open::open_feeds(&mut self.0.inputs, feeds, from);
        if errors.is_empty() { Ok(self.0.at(from)) } else { Err(errors) }
    }
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
        FileEvents::open_at(specs, limits, &NoFeeds, None)
    }

    /// The same, also for what `feeds` can open; what comes before `from` is passed over.
    ///
    /// # Errors
    /// Every spec that names nothing, and everything that cannot be looked at.
    pub fn open_at(
        specs: &[String],
        limits: SourceLimits,
        feeds: &dyn Feeds,
        from: Option<&Position>,
    ) -> Result<FileEvents, Vec<OpenError>> {
        let (mut inputs, mut errors) = open::inputs(specs);
        errors.extend(open::open_feeds(&mut inputs, feeds, from));
        if errors.is_empty() { Ok(FileEvents::of(inputs, limits).at(from)) } else { Err(errors) }
    }

    /// Finds what `specs` name as [`open`](FileEvents::open) does, but does not open feeds yet: that may change something
    /// elsewhere, and so comes last.
    ///
    /// # Errors
    /// Every spec that names nothing, and everything that cannot be looked at.
    pub fn find(specs: &[String], limits: SourceLimits) -> Result<FoundEvents, Vec<OpenError>> {
        let (inputs, errors) = open::inputs(specs);
        if errors.is_empty() { Ok(FoundEvents(FileEvents::of(inputs, limits))) } else { Err(errors) }
    }

    fn at(mut self, from: Option<&Position>) -> FileEvents {
        if let Some(from) = from {
            self.next_input = usize::try_from(from.input).unwrap_or(usize::MAX);
            self.reading = Reading::from(from);
        }
        self
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
            fed: Fed::numbered_from(inputs.len()),
            inputs,
            next_input: 0,
            current: None,
            reading: Reading::default(),
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

    /// By what each input is known again; `None` for one that cannot be read again.
    pub fn stamps(&self) -> impl Iterator<Item = (&str, Option<InputStamp>)> {
        self.inputs.iter().map(|input| (input.name.as_str(), input.place.stamp()))
    }

    /// What tells feeds that their events are recorded. To be taken once.
    pub fn acknowledgements(&mut self) -> Acknowledgements {
        Acknowledgements::of(&mut self.inputs)
    }

    /// Where feeds say that they could not go on.
    pub fn failures(&self) -> Vec<FeedFailure> {
        self.inputs.iter().filter_map(|input| input.place.failure()).collect()
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
        let number = u32::try_from(self.next_input).unwrap_or(u32::MAX);
        if let InputPlace::Feed(feed) = &mut input.place {
            match self.fed.next(feed) {
                Some((id, fed)) => {
                    self.reading.begin(number, Some(fed.place), fed.again, batch.found().len());
                    let place = fed.content.map(InputPlace::Reader);
                    self.begin(place, id, fed.first_line, batch);
                }
                // Where it stopped is where the last batch ended, so the ones behind it are not begun.
                None if feed.failure.get().is_some() => return false,
                None => self.next_input += 1,
            }
            return true;
        }
        self.next_input += 1;
        self.reading.begin(number, None, Again::Always, batch.found().len());
        match std::mem::replace(&mut input.place, InputPlace::Taken) {
            InputPlace::LeftOut(reason) => batch.found().skipped(first_byte(InputId(number)), reason),
            place => self.begin(Ok(place), InputId(number), 1, batch),
        }
        true
    }

    fn begin(
        &mut self,
        place: Result<InputPlace, SourceProblem>,
        id: InputId,
        first_line: u64,
        batch: &mut Batch,
    ) {
        let start = batch.window().end();
        match place.and_then(|place| OpenInput::open(place, id, start, first_line, &self.bytes_read)) {
            Ok(open) => self.current = Some(open),
            Err(problem) => batch.found().broken(Origin { line: first_line, ..first_byte(id) }, problem),
        }
    }

    fn finish(&mut self, batch: &mut Batch, progress: Progress) -> Progress {
        let window = batch.window();
        let keep = self.current.as_mut().map_or(window.end(), |input| input.keep_from(window));
        batch.finish(keep, &mut self.carried);
        self.carried_start = keep;
        if self.has_failed() {
            // What the failure did to this batch is nothing to judge.
            batch.keep_first(0);
            return Progress::Done;
        }
        self.reading.end_batch(batch, self.current.is_some(), progress);
        progress
    }

    fn has_failed(&self) -> bool {
        let input = self.inputs.get(self.next_input);
        input.and_then(|input| input.place.failure()).is_some_and(|failure| failure.get().is_some())
    }
}

impl EventSource for FileEvents {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        batch.begin(self.carried_start, &self.carried);
        self.fed.forget_names(self.current.is_some());
        let progress = loop {
            let Some(input) = &mut self.current else {
                if batch.found().len() >= self.limits.batch_items_max || self.reading.ends_batch() {
                    break Progress::More;
                }
                if self.open_next(batch) {
                    continue;
                }
                break Progress::Done;
            };
            match input.advance(batch, &self.limits) {
                Advance::BatchFull => break Progress::More,
                Advance::InputEnded => {
                    self.current = None;
                    self.reading.end_input();
                }
            }
        };
        self.finish(batch, progress)
    }

    fn input_name(&self, input: InputId) -> &str {
        let named = self.inputs.get(input.0 as usize).map(|input| input.name.as_str());
        named.or_else(|| self.fed.name(input)).unwrap_or("unknown input")
    }
}
