//! The file of the embedded store.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use ruleproof::tracking::{
    EmbeddedStore, Expiry, Record, RunId, Slot, SlotKind, StoreErrorKind, TrackingStore,
};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::contract::{keys_of, scan};
use crate::samples::{event, of_run, record, run, slots_in_order};

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }
}

fn refusal(path: &Path) -> StoreErrorKind {
    EmbeddedStore::open(path).expect_err("opened").kind
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let store = EmbeddedStore::open(&folder.file("tracking.db")).unwrap();
    store.write(vec![of_run(run(1))]).await.unwrap();
    for name in ["tracking.db", "tracking.db-wal", "tracking.db-shm"] {
        let mode = fs::metadata(folder.file(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn other_files_are_refused_and_left_as_they_are() {
    let folder = Folder::new();
    fs::write(folder.file("notes.txt"), "not a database, but longer than the header of one".repeat(9))
        .unwrap();
    let database = Connection::open(folder.file("other.db")).unwrap();
    database.execute_batch("CREATE TABLE records (run TEXT)").unwrap();
    drop(database);
    for name in ["notes.txt", "other.db"] {
        let before = fs::read(folder.file(name)).unwrap();
        assert_eq!(refusal(&folder.file(name)), StoreErrorKind::NotAStore, "{name}");
        assert!(fs::read(folder.file(name)).unwrap() == before, "{name} was changed");
    }
}

#[test]
fn other_versions_are_refused_and_left_as_they_are() {
    let folder = Folder::new();
    let path = folder.file("tracking.db");
    drop(EmbeddedStore::open(&path).unwrap());
    let set = |version: i64| {
        let database = Connection::open(&path).unwrap();
        database.pragma_update(None, "user_version", version).unwrap();
    };
    for found in [2, 0] {
        set(found);
        let error = EmbeddedStore::open(&path).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::OtherVersion { found, known: 1 });
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
    set(1);
    EmbeddedStore::open(&path).unwrap();
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = Folder::new();
    for (path, why) in [
        (folder.file("missing/tracking.db"), "cannot be opened: No such file or directory"),
        (folder.file(""), "cannot be opened: Is a directory"),
    ] {
        let error = EmbeddedStore::open(&path).unwrap_err();
        assert!(matches!(error.kind, StoreErrorKind::CannotOpen { .. }), "{error:?}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(!folder.file("missing").exists());
}

#[tokio::test]
async fn an_empty_file_becomes_a_store() {
    let folder = Folder::new();
    fs::write(folder.file("tracking.db"), "").unwrap();
    let store = EmbeddedStore::open(&folder.file("tracking.db")).unwrap();
    store.write(vec![of_run(run(1))]).await.unwrap();
}

#[tokio::test]
async fn two_stores_on_one_file_see_each_other() {
    let folder = Folder::new();
    let open = || EmbeddedStore::open(&folder.file("tracking.db")).unwrap();
    let (one, two) = (open(), open());
    let of = |run_number| (0..50).map(move |n| record(run(run_number), Slot::Planned(event(n)), "{}"));
    let writes = async |store: &EmbeddedStore, run_number| {
        join_all(of(run_number).map(|record| store.write(vec![record]))).await
    };
    let (of_one, of_two) = tokio::join!(writes(&one, 1), writes(&two, 2));
    assert!(of_one.into_iter().chain(of_two).all(|result| result.is_ok()));
    assert_eq!(scan(&one, run(2), SlotKind::Planned, 100).await.len(), 50);
    assert_eq!(scan(&two, run(1), SlotKind::Planned, 100).await.len(), 50);
}

#[tokio::test]
async fn writes_at_a_time_share_commits() {
    let folder = Folder::new();
    let store = EmbeddedStore::open(&folder.file("tracking.db")).unwrap();
    let writes = (0..200).map(|n| store.write(vec![record(run(1), Slot::Planned(event(n)), "{}")]));
    assert!(join_all(writes).await.into_iter().all(|result| result.is_ok()));
    assert!((1..=50).contains(&store.commits()), "{} commits for 200 writes", store.commits());
}

#[tokio::test]
async fn a_write_that_nobody_waits_for_harms_nobody() {
    let folder = Folder::new();
    let store = EmbeddedStore::open(&folder.file("tracking.db")).unwrap();
    for n in 0..20 {
        let write = store.write(vec![record(run(1), Slot::Planned(event(n)), "{}")]);
        let _ = tokio::time::timeout(Duration::ZERO, write).await;
    }
    store.write(vec![of_run(run(1))]).await.unwrap();
    drop(store);
    let store = EmbeddedStore::open(&folder.file("tracking.db")).unwrap();
    assert_eq!(store.read(&keys_of(&[of_run(run(1))])).await.unwrap(), [of_run(run(1))]);
}

/// Until only `stay` are left.
async fn wait_for_runs(store: &EmbeddedStore, stay: &[RunId]) {
    let began = Instant::now();
    while store.runs().await.unwrap() != stay {
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", store.runs().await);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_run_goes_when_all_its_records_may_go() {
    let folder = Folder::new();
    let path = folder.file("tracking.db");
    let store = EmbeddedStore::open(&path).unwrap();
    let expired = |record: Record| Record { expiry: Expiry { at_s: 1_000 }, ..record };
    let many = |run| (0..5_000).map(move |n| record(run, Slot::Planned(event(n)), r#"{"n":"0123456789"}"#));
    for (number, run) in [run(1), run(2), run(3)].into_iter().enumerate() {
        // All of the first run may go, all but one record of the second, none of the third.
        let mut records: Vec<Record> = many(run).chain([of_run(run)]).collect();
        let stay = [0, 1, 5_001][number];
        records.iter_mut().rev().skip(stay).for_each(|record| *record = expired(record.clone()));
        store.write(records).await.unwrap();
    }
    drop(store);

    let store = EmbeddedStore::open(&path).unwrap();
    wait_for_runs(&store, &[run(2), run(3)]).await;
    assert_eq!(scan(&store, run(1), SlotKind::Planned, 1_000).await, []);
    assert_eq!(scan(&store, run(2), SlotKind::Planned, 1_000).await.len(), 5_000);
    assert_eq!(scan(&store, run(3), SlotKind::Planned, 1_000).await.len(), 5_000);
    // The room is given back when there is nothing else to do.
    let database = Connection::open(&path).unwrap();
    let free = || database.pragma_query_value(None, "freelist_count", |row| row.get::<_, i64>(0)).unwrap();
    let began = Instant::now();
    while free() > 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "{} pages", free());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn common_tools_can_read_it() {
    let folder = Folder::new();
    let path = folder.file("tracking.db");
    let store = EmbeddedStore::open(&path).unwrap();
    let records = slots_in_order().into_iter().map(|slot| record(run(1), slot, r#"{"status":"delivered"}"#));
    store.write(records.collect()).await.unwrap();

    // While the store is open.
    let database = Connection::open(&path).unwrap();
    let mut select = database
        .prepare("SELECT kind, place, content ->> 'status' FROM facts WHERE run = ?1 AND event = 2 ORDER BY kind, place")
        .unwrap();
    let rows = select.query_map([run(1).to_string()], |row| {
        Ok([row.get::<_, String>(0)?, row.get(1)?, row.get(2)?].join(" "))
    });
    let rows: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
    assert_eq!(
        rows,
        [
            "outcome 001/00009/00000 delivered",
            "outcome 001/00010/00000 delivered",
            "outcome 001/00010/65535 delivered",
            "outcome 002/00000/00000 delivered",
            "receipt 001/00300 delivered",
            "seen 001 delivered",
            "sent 001 delivered",
            "sent 002 delivered",
            "unexpected 001 delivered",
            "verdict 001 delivered",
            "verdict 255 delivered",
        ]
    );
    let kinds = "SELECT count(*), count(DISTINCT kind) FROM facts";
    let counted: (i64, i64) = database.query_row(kinds, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(counted, (16, 7));
}

#[tokio::test]
async fn a_damaged_file_is_an_error_or_harmless() {
    let folder = Folder::new();
    let path = folder.file("tracking.db");
    let store = EmbeddedStore::open(&path).unwrap();
    let records: Vec<Record> =
        (0..300).map(|n| record(run(1), Slot::Planned(event(n)), r#"{"text":"0123456789"}"#)).collect();
    store.write(records.clone()).await.unwrap();
    drop(store);
    let sound = fs::read(&path).unwrap();
    let mut refused = 0;
    for at in (0..sound.len() - 600).step_by(1_021) {
        let mut damaged = sound.clone();
        damaged[at..at + 600].fill(0xA5);
        fs::write(&path, &damaged).unwrap();
        let Ok(store) = EmbeddedStore::open(&path) else {
            refused += 1;
            continue;
        };
        let errors = [
            store.read(&keys_of(&records)).await.err(),
            store.scan(run(1), SlotKind::Planned, None, 1_000).await.err(),
            store.write(records.clone()).await.err(),
        ];
        for error in errors.iter().flatten() {
            assert!(matches!(error.kind, StoreErrorKind::Damaged { .. }), "byte {at}: {error:?}");
        }
        refused += usize::from(errors.iter().any(Option::is_some));
    }
    assert!(refused > 5, "{refused} of {} bytes", sound.len());
}
