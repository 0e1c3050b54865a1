//! Writes checkpoints while a replay runs.

use std::fs::File;
use std::io;
use std::time::{Duration, Instant};

use super::file::Writer;
use crate::replay::{Keeper, ReplayState};
use crate::sources::{Acknowledgements, Position};

/// A run works at least so many times as long as a checkpoint takes to write.
const SHARE: u32 = 4;

/// Writes checkpoints behind outputs.
pub(in crate::cli) struct FileKeeper {
    pub(super) writer: Writer,
    /// What has to be on the disk before a checkpoint that counts it.
    pub(super) outputs: Vec<File>,
    pub(super) acknowledgements: Acknowledgements,
    pub(super) every: Duration,
    /// When the next one is due.
    pub(super) due: Instant,
    /// Where the last one was.
    pub(super) kept: ReplayState,
}

impl FileKeeper {
    /// Whether the run that was kept has come to its end.
    pub(in crate::cli) fn is_complete(&self) -> bool {
        self.kept.position == Position::END
    }

    /// The run is over: lets go of what is left.
    pub(in crate::cli) fn finish(&mut self) {
        self.acknowledgements.finish();
    }

    /// Events up to the last checkpoint.
    pub(in crate::cli) fn read(&self) -> u64 {
        self.kept.read()
    }
}

impl FileKeeper {
    fn write(&mut self, state: ReplayState) -> io::Result<()> {
        self.writer.replace(&state)?;
        self.kept = state;
        Ok(())
    }
}

impl Keeper for FileKeeper {
    fn is_due(&self) -> bool {
        Instant::now() >= self.due
    }

    fn keep(&mut self, state: &ReplayState) -> io::Result<()> {
        let began = Instant::now();
        self.outputs.iter().try_for_each(File::sync_data)?;
        let mut durable = state.clone();
        durable.position = self.acknowledgements.durable(&state.position);
        self.write(durable)?;
        self.acknowledgements.recorded(&state.position);
        // A complete run is not gone on with: so it is complete only once nothing is held any more.
        if state.position == Position::END && !self.is_complete() && self.acknowledgements.settle() == 0 {
            self.write(state.clone())?;
        }
        // Only now: what feeds take away then would be missing to a run that goes on.
        if self.is_complete() {
            self.acknowledgements.complete();
        }
        self.due = Instant::now() + self.every.max(began.elapsed() * SHARE);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::sources::{
        Acknowledge, FedInput, Feed, FeedFailure, Feeds, FileEvents, OpenError, OpenFeed, Recorded,
        SourceLimits,
    };

    /// A queue of which nothing comes; of what was told, what the file said by then.
    #[derive(Clone)]
    struct Told {
        checkpoint: PathBuf,
        undeleted: usize,
        complete: Arc<Mutex<Option<String>>>,
    }

    impl Acknowledge for Told {
        fn durable(&mut self, _: Recorded<'_>) -> String {
            "durable".to_owned()
        }

        fn recorded(&mut self, _: Recorded<'_>) {}

        fn settle(&mut self) -> usize {
            self.undeleted
        }

        fn complete(&mut self) {
            let text = std::fs::read_to_string(&self.checkpoint).unwrap();
            assert!(self.complete.lock().unwrap().replace(text).is_none());
        }

        fn finish(self: Box<Self>) {}
    }

    impl Feed for Told {
        fn next(&mut self) -> Option<FedInput> {
            None
        }
    }

    impl Feeds for Told {
        fn open(&self, _: &str, _: Option<&str>) -> Result<OpenFeed, OpenError> {
            let (feed, acknowledge) = (Box::new(self.clone()), Box::new(self.clone()));
            Ok(OpenFeed { feed, failure: FeedFailure::default(), acknowledge: Some(acknowledge) })
        }
    }

    /// What the file said when the feed was told that the run is complete, if it was.
    fn told_at_the_end(undeleted: usize) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = folder.path().join("checkpoint.json");
        let told = Told { checkpoint: checkpoint.clone(), undeleted, complete: Arc::default() };
        let specs = ["archive://a".to_owned()];
        let mut source = FileEvents::open_at(&specs, SourceLimits::default(), &told, None).unwrap();
        let identity = serde_json::from_str(r#"{"rules": "", "options": {}, "inputs": []}"#).unwrap();
        let mut keeper = FileKeeper {
            writer: Writer::new(&checkpoint, &identity).unwrap(),
            outputs: Vec::new(),
            acknowledgements: source.acknowledgements(),
            every: Duration::ZERO,
            due: Instant::now(),
            kept: ReplayState::default(),
        };
        keeper.keep(&ReplayState::default()).unwrap();
        assert_eq!(*told.complete.lock().unwrap(), None);
        let mut end = ReplayState::default();
        end.position = Position::END;
        keeper.keep(&end).unwrap();
        told.complete.lock().unwrap().take()
    }

    #[test]
    fn a_feed_hears_that_the_run_is_complete_once_that_is_on_the_disk() {
        let text = told_at_the_end(0).unwrap();
        let end: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(end["state"]["position"]["input"], u32::MAX);
        // What is not deleted is left to a run that goes on, which needs the queue.
        assert_eq!(told_at_the_end(1), None);
    }
}
