//! The thread that writes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::oneshot;

use super::expiry::{self, Progress};
use crate::tracking::{Record, RunId, StoreError};

/// A group takes no further write once it has so many records.
const GROUP_RECORDS: usize = 5_000;

/// How an answer gets back to who asked.
type Answer = oneshot::Sender<Result<(), StoreError>>;

/// What the thread is asked to do.
#[derive(Debug)]
pub(super) enum WriterJob {
    Write(Vec<Record>, Answer),
    Delete(RunId, Answer),
}

/// The thread's state.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) jobs: Receiver<WriterJob>,
    pub(super) commits: Arc<AtomicU64>,
}

impl Writer {
    /// Works until nobody can ask any more, and has then done all that was asked.
    pub(super) fn run(mut self) {
        let mut expired = Progress::More;
        // A job that came while a group was gathered and cannot be part of it.
        let mut left_over = None;
        loop {
            let job = match left_over.take().map_or_else(|| self.jobs.try_recv(), Ok) {
                Err(TryRecvError::Empty) if expired == Progress::More => {
                    expired = self.delete_expired_piece();
                    continue;
                }
                Err(TryRecvError::Empty) => self.jobs.blocking_recv(),
                received => received.ok(),
            };
            match job {
                Some(WriterJob::Write(records, answer)) => {
                    left_over = self.write_with_others(records, answer);
                }
                Some(WriterJob::Delete(run, answer)) => {
                    // Nobody may wait any more for the answer; the run is gone all the same.
                    let _ = answer.send(self.delete(run));
                    expired = Progress::More;
                }
                None => return,
            }
        }
    }

    /// Writes `records` and what others want to write at this moment in one commit. Returns a job that is no write.
    fn write_with_others(&mut self, records: Vec<Record>, answer: Answer) -> Option<WriterJob> {
        let (mut group, mut answers, mut left_over) = (records, vec![answer], None);
        while group.len() < GROUP_RECORDS && left_over.is_none() {
            match self.jobs.try_recv() {
                Ok(WriterJob::Write(records, answer)) => {
                    group.extend(records);
                    answers.push(answer);
                }
                Ok(other) => left_over = Some(other),
                Err(_) => break,
            }
        }
        let result = self.commit(&group);
        for answer in answers {
            // Nobody may wait any more for the answer; the records are written all the same.
            let _ = answer.send(result.clone());
        }
        left_over
    }

    fn commit(&mut self, group: &[Record]) -> Result<(), StoreError> {
        if group.is_empty() {
            return Ok(());
        }
        let committed = write_group(&mut self.connection, group);
        self.commits.fetch_add(u64::from(committed.is_ok()), Ordering::Relaxed);
        committed.map_err(|error| self.error(error))
    }

    fn delete(&mut self, run: RunId) -> Result<(), StoreError> {
        let run = run.to_string();
        while expiry::delete_piece(&mut self.connection, &run).map_err(|error| self.error(error))?
            == Progress::More
        {}
        Ok(())
    }

    /// What may go and cannot be deleted now stays until the file is opened the next time.
    fn delete_expired_piece(&mut self) -> Progress {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        expiry::delete_expired_piece(&mut self.connection, signed(now.as_secs())).unwrap_or(Progress::Done)
    }

    fn error(&self, error: rusqlite::Error) -> StoreError {
        super::problem::Problem::Sqlite(error).at(&self.path)
    }
}

fn write_group(connection: &mut Connection, group: &[Record]) -> rusqlite::Result<()> {
    // Takes the lock at the beginning: a transaction that has read cannot wait for another writer.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut runs: BTreeMap<RunId, (String, i64)> = BTreeMap::new();
    {
        let mut insert = transaction.prepare_cached(
            "INSERT OR REPLACE INTO records (run, slot, version, content, expires_s) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for record in group {
            let expires_s = signed(record.expiry.at_s);
            let (run, latest) =
                runs.entry(record.key.run).or_insert_with(|| (record.key.run.to_string(), expires_s));
            *latest = expires_s.max(*latest);
            let slot = record.key.slot.to_string();
            insert.execute((run.as_str(), slot, record.version, &*record.content, expires_s))?;
        }
    }
    keep_runs(&transaction, runs.into_values())?;
    transaction.commit()
}

/// Keeps runs at least until then.
fn keep_runs(
    transaction: &Transaction<'_>,
    runs: impl Iterator<Item = (String, i64)>,
) -> rusqlite::Result<()> {
    let mut keep = transaction.prepare_cached(
        "INSERT INTO runs (run, expires_s) VALUES (?1, ?2)
         ON CONFLICT (run) DO UPDATE SET expires_s = excluded.expires_s WHERE excluded.expires_s > expires_s",
    )?;
    for run in runs {
        keep.execute(run)?;
    }
    Ok(())
}

/// SQLite's integers end at the year 292,277,026,596.
fn signed(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use tempfile::TempDir;
    use tokio::sync::mpsc::{Sender, channel};

    use super::super::file::open_for_writing;
    use super::*;
    use crate::tracking::{EventNumber, Expiry, RecordKey, Slot, StoreErrorKind};

    /// A writer on `connection`.
    fn writer(connection: Connection, path: &Path) -> Sender<WriterJob> {
        let (sender, jobs) = channel(4);
        let commits = Arc::new(AtomicU64::new(0));
        let writer = Writer { connection, path: path.to_owned(), jobs, commits };
        std::thread::spawn(move || writer.run());
        sender
    }

    fn opened() -> (TempDir, PathBuf, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tracking.db");
        let connection = open_for_writing(&path).unwrap();
        (folder, path, connection)
    }

    fn record(number: u64, size: usize) -> Record {
        let slot = Slot::Planned(EventNumber::new(number).unwrap());
        let content = format!("{{\"text\":\"{}\"}}", "x".repeat(size)).into();
        let expiry = Expiry { at_s: 4_000_000_000 };
        Record { key: RecordKey { run: RunId::new(1_795_365_900, 1), slot }, version: 1, content, expiry }
    }

    async fn write(writer: &Sender<WriterJob>, records: Vec<Record>) -> Result<(), StoreError> {
        let (sender, answer) = oneshot::channel();
        writer.send(WriterJob::Write(records, sender)).await.unwrap();
        answer.await.unwrap()
    }

    #[tokio::test]
    async fn a_full_disk_is_an_error_and_nothing_is_half_written() {
        let (_folder, path, connection) = opened();
        // What SQLite says here is what it says when the disk has no room.
        connection.pragma_update(None, "max_page_count", 40).unwrap();
        let writer = writer(connection, &path);
        write(&writer, vec![record(0, 10)]).await.unwrap();
        let too_much = (1..100).map(|number| record(number, 3_000)).collect();
        let error = write(&writer, too_much).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::DiskFull);
        assert!(error.hint().unwrap().contains("make room"), "{error}");
        write(&writer, vec![record(1, 10)]).await.unwrap();
        let count = Connection::open(&path).unwrap();
        let count = count.query_row("SELECT count(*) FROM records", [], |row| row.get::<_, i64>(0));
        assert_eq!(count.unwrap(), 2);
    }

    #[tokio::test]
    async fn who_has_locked_the_file_is_named() {
        let (_folder, path, connection) = opened();
        connection.busy_timeout(Duration::from_millis(20)).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let writer = writer(connection, &path);
        let error = write(&writer, vec![record(0, 10)]).await.unwrap_err();
        let StoreErrorKind::Busy { holder } = &error.kind else { panic!("{error:?}") };
        if cfg!(target_os = "linux") {
            let us = format!("process {} (", std::process::id());
            assert!(holder.as_ref().unwrap().starts_with(&us), "{error}");
        }
        other.execute_batch("COMMIT").unwrap();
        write(&writer, vec![record(0, 10)]).await.unwrap();
    }
}
