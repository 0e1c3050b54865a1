//! Opens the file, and makes it if there is none.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::problem::Problem;
use crate::tracking::StoreErrorKind;

/// Marks SQLite files as ours: "RpTr".
const APPLICATION_ID: i64 = 0x5270_5472;

/// The version of the tables.
const TABLES_VERSION: i64 = 1;

/// How long to wait for another program that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Memory for pages of the file, per connection.
const CACHE_KIB: i64 = 16_384;

/// Pages in the log after which they are put into their places in the file: 16 MiB. With four times as many as SQLite
/// would wait for, what is written into pages over and over moves less often.
const LOG_PAGES: i64 = 4_096;

// A run's records lie together in the order of keys, in the one tree of a table without row ids.
const TABLES: &str = "
    CREATE TABLE records (
        run TEXT NOT NULL,
        slot TEXT NOT NULL,
        version INTEGER NOT NULL,
        content TEXT NOT NULL,
        expires_s INTEGER NOT NULL,
        PRIMARY KEY (run, slot)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE runs (
        run TEXT NOT NULL PRIMARY KEY,
        expires_s INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE VIEW facts AS
        SELECT
            run,
            substr(slot, 1, instr(slot, '/') - 1) AS kind,
            CAST(substr(slot, instr(slot, '/') + 1, 12) AS INTEGER) AS event,
            substr(slot, instr(slot, '/') + 14) AS place,
            content
        FROM records WHERE slot <> 'run' AND slot NOT GLOB 'unattributed/*';
";

/// A connection that writes; the file is there and ours afterwards.
pub(super) fn open_for_writing(path: &Path) -> Result<Connection, Problem> {
    create_private(path)?;
    let mut connection = connect(path)?;
    if is_blank(&connection)? {
        make_tables(&mut connection)?;
    }
    // Nothing may be changed before it is known that the file is ours.
    check_version(&connection)?;
    use_write_ahead_log(&connection)?;
    // Without this a loss of power could take back commits that were told durable.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    Ok(connection)
}

/// A connection that only reads, to a file that is known to be ours.
pub(super) fn open_for_reading(path: &Path) -> Result<Connection, Problem> {
    let connection = connect(path)?;
    // Not opened read-only: readers, too, write to the shared memory of a log.
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn create_private(path: &Path) -> Result<(), Problem> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(StoreErrorKind::CannotOpen { problem: error.to_string() }.into())
        }
        _ => Ok(()),
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(connection)
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

/// Whether nobody has put anything into the file.
fn is_blank(connection: &Connection) -> rusqlite::Result<bool> {
    let entries: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let marks = pragma(connection, "application_id")? | pragma(connection, "user_version")?;
    Ok(entries == 0 && marks == 0)
}

fn make_tables(connection: &mut Connection) -> rusqlite::Result<()> {
    // So that the room of runs that are gone can be given back to the disk.
    connection.pragma_update(None, "auto_vacuum", "incremental")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    // Another program may have been quicker.
    if is_blank(&transaction)? {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", TABLES_VERSION)?;
    }
    transaction.commit()
}

fn check_version(connection: &Connection) -> Result<(), Problem> {
    if pragma(connection, "application_id")? != APPLICATION_ID {
        return Err(StoreErrorKind::NotAStore.into());
    }
    match pragma(connection, "user_version")? {
        TABLES_VERSION => Ok(()),
        found => Err(StoreErrorKind::OtherVersion { found, known: TABLES_VERSION }.into()),
    }
}

fn use_write_ahead_log(connection: &Connection) -> Result<(), Problem> {
    let set = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
    let mode = connection.pragma_update_and_check(None, "journal_mode", "wal", set)?;
    if mode == "wal" {
        return Ok(());
    }
    // Network file systems have no memory that processes could share.
    let problem = format!("its file system has no write-ahead log (journal mode `{mode}`)");
    Err(StoreErrorKind::CannotOpen { problem }.into())
}
