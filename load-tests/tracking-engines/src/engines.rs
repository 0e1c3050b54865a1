//! The engines, each as a table of texts under text keys.

use std::error::Error;
use std::path::Path;

use fjall::{Database as FjallDatabase, Keyspace, KeyspaceCreateOptions, PersistMode};
use redb::{Database as RedbDatabase, ReadableDatabase, ReadableTable, TableDefinition};
use rusqlite::{Connection, OptionalExtension};

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A key and its JSON.
pub type Record = (String, String);

/// What a tracking store needs of an engine.
pub trait Engine {
    /// Writes all records in one commit that survives a loss of power.
    fn write(&mut self, records: &[Record]) -> Result<()>;
    /// How many of the keys exist, having read their values.
    fn read(&mut self, keys: &[String]) -> Result<usize>;
    /// How many records there are.
    fn count(&mut self) -> Result<usize>;
}

/// Memory for what has been read, the same for all.
const CACHE_BYTES: usize = 64 << 20;

pub const NAMES: [&str; 3] = ["sqlite", "redb", "fjall"];

/// Opens the engine of that name at `path`, making what is not there.
pub fn open(name: &str, path: &Path) -> Result<Box<dyn Engine>> {
    match name {
        "sqlite" => Ok(Box::new(Sqlite::open(path)?)),
        "redb" => Ok(Box::new(Redb(RedbDatabase::builder().set_cache_size(CACHE_BYTES).create(path)?))),
        "fjall" => Ok(Box::new(Fjall::open(path)?)),
        other => Err(format!("no engine {other}; there are {NAMES:?}").into()),
    }
}

struct Sqlite(Connection);

impl Sqlite {
    fn open(path: &Path) -> Result<Sqlite> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "cache_size", -(CACHE_BYTES as i64 / 1024))?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT, WITHOUT ROWID",
        )?;
        Ok(Sqlite(connection))
    }
}

impl Engine for Sqlite {
    fn write(&mut self, records: &[Record]) -> Result<()> {
        let transaction = self.0.transaction()?;
        {
            let mut insert =
                transaction.prepare_cached("INSERT OR REPLACE INTO records (key, content) VALUES (?1, ?2)")?;
            for (key, content) in records {
                insert.execute([key, content])?;
            }
        }
        Ok(transaction.commit()?)
    }

    fn read(&mut self, keys: &[String]) -> Result<usize> {
        let transaction = self.0.transaction()?;
        let mut found = 0;
        {
            let mut select = transaction.prepare_cached("SELECT content FROM records WHERE key = ?1")?;
            for key in keys {
                let content: Option<String> = select.query_row([key], |row| row.get(0)).optional()?;
                found += usize::from(content.is_some_and(|content| !content.is_empty()));
            }
        }
        Ok(found)
    }

    fn count(&mut self) -> Result<usize> {
        let count: i64 = self.0.query_row("SELECT count(*) FROM records", [], |row| row.get(0))?;
        Ok(usize::try_from(count)?)
    }
}

struct Redb(RedbDatabase);

const TABLE: TableDefinition<&str, &str> = TableDefinition::new("records");

impl Engine for Redb {
    fn write(&mut self, records: &[Record]) -> Result<()> {
        let transaction = self.0.begin_write()?;
        {
            let mut table = transaction.open_table(TABLE)?;
            for (key, content) in records {
                table.insert(key.as_str(), content.as_str())?;
            }
        }
        // The default durability is `Immediate`: the data is on disk when this returns.
        Ok(transaction.commit()?)
    }

    fn read(&mut self, keys: &[String]) -> Result<usize> {
        let table = self.0.begin_read()?.open_table(TABLE)?;
        let mut found = 0;
        for key in keys {
            found += usize::from(table.get(key.as_str())?.is_some_and(|content| !content.value().is_empty()));
        }
        Ok(found)
    }

    fn count(&mut self) -> Result<usize> {
        let transaction = self.0.begin_read()?;
        match transaction.open_table(TABLE) {
            Ok(table) => Ok(table.iter()?.count()),
            Err(redb::TableError::TableDoesNotExist(_)) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }
}

struct Fjall {
    database: FjallDatabase,
    records: Keyspace,
}

impl Fjall {
    fn open(path: &Path) -> Result<Fjall> {
        let database = FjallDatabase::builder(path).cache_size(CACHE_BYTES as u64).open()?;
        let records = database.keyspace("records", KeyspaceCreateOptions::default)?;
        Ok(Fjall { database, records })
    }
}

impl Engine for Fjall {
    fn write(&mut self, records: &[Record]) -> Result<()> {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        for (key, content) in records {
            batch.insert(&self.records, key.as_str(), content.as_str());
        }
        Ok(batch.commit()?)
    }

    fn read(&mut self, keys: &[String]) -> Result<usize> {
        let mut found = 0;
        for key in keys {
            found += usize::from(self.records.get(key)?.is_some_and(|content| !content.is_empty()));
        }
        Ok(found)
    }

    fn count(&mut self) -> Result<usize> {
        Ok(self.records.len()?)
    }
}
