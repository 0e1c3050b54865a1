//! Questions to the file, on the connection of the thread that reads.

use rusqlite::{Connection, OptionalExtension, Row};

use super::problem::Problem;
use crate::tracking::{Expiry, Page, Record, RecordKey, RunId, Slot, SlotKind, StoreErrorKind};

/// The records under `keys`, in that order.
pub(super) fn records(connection: &Connection, keys: &[RecordKey]) -> Result<Vec<Record>, Problem> {
    // One transaction, so that the log is looked at once and not for each key.
    let transaction = connection.unchecked_transaction()?;
    let mut select = transaction
        .prepare_cached("SELECT version, content, expires_s FROM records WHERE run = ?1 AND slot = ?2")?;
    let mut found = Vec::new();
    for of_one_run in keys.chunk_by(|a, b| a.run == b.run) {
        let Some(run) = of_one_run.first().map(|key| key.run.to_string()) else { continue };
        for key in of_one_run {
            let record = select
                .query_row((&run, key.slot.to_string()), |row| record(key.clone(), row, 0))
                .optional()?;
            found.extend(record);
        }
    }
    Ok(found)
}

/// The first `limit` records of that kind in `run` behind `after`.
pub(super) fn page(
    connection: &Connection,
    run: RunId,
    kind: SlotKind,
    after: Option<&Slot>,
    limit: usize,
) -> Result<Page, Problem> {
    let mut select = connection.prepare_cached(
        "SELECT slot, version, content, expires_s FROM records
         WHERE run = ?1 AND slot >= ?2 AND slot < ?3 ORDER BY slot LIMIT ?4",
    )?;
    // A text with a NUL is the very next one in the order of texts.
    let first = after.map_or_else(|| kind.as_str().to_owned(), |after| format!("{after}\0"));
    // Texts of slots are their kind, alone or with a slash behind it; `0` is the character after the slash.
    let end = format!("{}0", kind.as_str());
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = select.query((run.to_string(), first, end, one_more))?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        if records.len() == limit {
            let next_after = records.last().map(|record: &Record| record.key.slot.clone());
            return Ok(Page { records, next_after });
        }
        let text: String = row.get(0)?;
        let slot = Slot::parse(&text).ok_or_else(|| damaged("slot", &text))?;
        records.push(record(RecordKey { run, slot }, row, 1)?);
    }
    Ok(Page { records, next_after: None })
}

/// The runs with a record of their own.
pub(super) fn runs(connection: &Connection) -> Result<Vec<RunId>, Problem> {
    let mut select = connection.prepare_cached(
        "SELECT run FROM runs
         WHERE EXISTS (SELECT 1 FROM records WHERE records.run = runs.run AND slot = 'run') ORDER BY run",
    )?;
    let names = select.query_map([], |row| row.get::<_, String>(0))?;
    names.map(|name| name?.parse().map_err(|_| damaged("run", "its name"))).collect()
}

/// A record from the columns `version`, `content`, `expires_s`, the first of which is at `first`.
fn record(key: RecordKey, row: &Row<'_>, first: usize) -> rusqlite::Result<Record> {
    let content: String = row.get(first + 1)?;
    let expires_s: i64 = row.get(first + 2)?;
    let expiry = Expiry { at_s: u64::try_from(expires_s).unwrap_or(0) };
    Ok(Record { key, version: row.get(first)?, content: content.into(), expiry })
}

fn damaged(what: &str, text: &str) -> Problem {
    StoreErrorKind::Damaged { problem: format!("a {what} cannot be read: `{text}`") }.into()
}
