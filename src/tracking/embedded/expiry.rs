//! Deletes runs piece by piece, so that no commit becomes large and nobody waits long.

use rusqlite::{Connection, OptionalExtension};

/// Records deleted in one commit.
const PIECE_RECORDS: usize = 2_000;
/// Pages given back to the disk in one commit.
const PIECE_PAGES: i64 = 2_000;

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    More,
    Done,
}

/// Deletes a piece of a run that may go at `now_s`; when no run is left, gives a piece of free room back to the disk.
pub(super) fn delete_expired_piece(connection: &mut Connection, now_s: i64) -> rusqlite::Result<Progress> {
    let find = "SELECT run FROM runs WHERE expires_s <= ?1 LIMIT 1";
    let expired: Option<String> = connection.query_row(find, [now_s], |row| row.get(0)).optional()?;
    match expired {
        Some(run) => {
            delete_piece(connection, &run)?;
            Ok(Progress::More)
        }
        None => give_back_piece(connection),
    }
}

/// Deletes a piece of `run`, and with the last piece its row in `runs`.
pub(super) fn delete_piece(connection: &mut Connection, run: &str) -> rusqlite::Result<Progress> {
    let transaction = connection.transaction()?;
    let deleted = transaction
        .prepare_cached(
            "DELETE FROM records WHERE run = ?1
             AND slot IN (SELECT slot FROM records WHERE run = ?1 ORDER BY slot LIMIT ?2)",
        )?
        .execute((run, PIECE_RECORDS as i64))?;
    let progress = if deleted < PIECE_RECORDS { Progress::Done } else { Progress::More };
    if progress == Progress::Done {
        transaction.execute("DELETE FROM runs WHERE run = ?1", [run])?;
    }
    transaction.commit()?;
    Ok(progress)
}

fn give_back_piece(connection: &Connection) -> rusqlite::Result<Progress> {
    let free = || connection.pragma_query_value(None, "freelist_count", |row| row.get::<_, i64>(0));
    if free()? == 0 {
        return Ok(Progress::Done);
    }
    connection.execute_batch(&format!("PRAGMA incremental_vacuum({PIECE_PAGES})"))?;
    Ok(if free()? == 0 { Progress::Done } else { Progress::More })
}
