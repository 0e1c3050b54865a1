//! The store that tasks use.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use super::file::{open_for_reading, open_for_writing};
use super::problem::Problem;
use super::reader;
use super::writer::{Writer, WriterJob};
use crate::tracking::{
    Page, Record, RecordKey, RunId, Slot, SlotKind, StoreError, StoreErrorKind, TrackingStore,
};

/// Calls that can wait in front of a thread; whoever comes then waits for a place.
const QUEUE_JOBS: usize = 256;

/// A question for the thread that reads. Each sends its own answer.
type Question = Box<dyn FnOnce(&Connection) + Send>;

/// Keeps records in one SQLite file.
///
/// To drop it waits until everything that was asked for is written.
#[derive(Debug)]
pub struct EmbeddedStore {
    path: PathBuf,
    /// Dropped before the writer: the connection that closes last tidies the log away.
    reader: Worker<Question>,
    writer: Worker<WriterJob>,
    commits: Arc<AtomicU64>,
}

/// A thread with work in front of it. To drop it waits until all of the work is done.
struct Worker<Job> {
    /// `None` only while it is dropped, to let the thread end.
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl<Job: Send + 'static> Worker<Job> {
    fn start(name: &str, work: impl FnOnce(Receiver<Job>) + Send + 'static) -> Result<Worker<Job>, Problem> {
        let (sender, receiver) = channel(QUEUE_JOBS);
        let started = thread::Builder::new().name(name.to_owned()).spawn(move || work(receiver));
        let thread = started.map_err(|error| StoreErrorKind::Failed { problem: error.to_string() })?;
        Ok(Worker { jobs: Some(sender), thread: Some(thread) })
    }

    /// Whether the thread is still there to take it.
    async fn take(&self, job: Job) -> Result<(), Problem> {
        match &self.jobs {
            Some(jobs) => jobs.send(job).await.map_err(|_| StoreErrorKind::Stopped.into()),
            None => Err(StoreErrorKind::Stopped.into()),
        }
    }
}

impl<Job> fmt::Debug for Worker<Job> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("thread", &self.thread).finish_non_exhaustive()
    }
}

impl<Job> Drop for Worker<Job> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // One that panicked has told whoever waited for it.
            let _ = thread.join();
        }
    }
}

impl EmbeddedStore {
    /// Opens the file at `path`, or makes it, for its owner only. Runs that have expired are deleted as soon as there is
    /// nothing else to do.
    ///
    /// Blocks for as long as the disk takes, and up to ten seconds if another program has locked the file.
    ///
    /// # Errors
    /// If there is no such directory, if the file is something else or was written by another version, or if the disk
    /// refuses.
    pub fn open(path: &Path) -> Result<EmbeddedStore, StoreError> {
        EmbeddedStore::start(path).map_err(|problem| problem.at(path))
    }

    fn start(path: &Path) -> Result<EmbeddedStore, Problem> {
        let (path, commits) = (path.to_owned(), Arc::new(AtomicU64::new(0)));
        let (writing, reading) = (open_for_writing(&path)?, open_for_reading(&path)?);
        let (file, counter) = (path.clone(), Arc::clone(&commits));
        let writer = Worker::start("tracking-writer", move |jobs| {
            Writer { connection: writing, path: file, jobs, commits: counter }.run();
        })?;
        let reader = Worker::start("tracking-reader", move |questions| answer(&reading, questions))?;
        Ok(EmbeddedStore { path, reader, writer, commits })
    }

    /// Commits so far, each of which has waited for the disk once. Far fewer than calls that write, when many tasks
    /// write at a time.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    async fn change(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<(), StoreError>>) -> WriterJob,
    ) -> Result<(), StoreError> {
        let (sender, answer) = oneshot::channel();
        self.writer.take(job(sender)).await.map_err(|problem| problem.at(&self.path))?;
        answer.await.unwrap_or_else(|_| Err(self.stopped()))
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, answer) = oneshot::channel();
        let asked: Question = Box::new(move |connection| {
            // Nobody may wait any more for the answer.
            let _ = sender.send(question(connection));
        });
        self.reader.take(asked).await.map_err(|problem| problem.at(&self.path))?;
        answer.await.map_err(|_| self.stopped())?.map_err(|problem| problem.at(&self.path))
    }

    fn stopped(&self) -> StoreError {
        Problem::from(StoreErrorKind::Stopped).at(&self.path)
    }
}

fn answer(connection: &Connection, mut questions: Receiver<Question>) {
    while let Some(question) = questions.blocking_recv() {
        question(connection);
    }
}

impl TrackingStore for EmbeddedStore {
    /// All records are written, or after an error none of them.
    async fn write(&self, records: Vec<Record>) -> Result<(), StoreError> {
        self.change(|answer| WriterJob::Write(records, answer)).await
    }

    async fn read(&self, keys: &[RecordKey]) -> Result<Vec<Record>, StoreError> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        self.ask(move |connection| reader::records(connection, &keys)).await
    }

    async fn scan(
        &self,
        run: RunId,
        kind: SlotKind,
        after: Option<&Slot>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let after = after.cloned();
        self.ask(move |connection| reader::page(connection, run, kind, after.as_ref(), limit.max(1))).await
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        self.ask(reader::runs).await
    }

    async fn delete(&self, run: RunId) -> Result<(), StoreError> {
        self.change(|answer| WriterJob::Delete(run, answer)).await
    }
}
