//! Random operations, compared with a plain map.

use proptest::prelude::*;
use ruleproof::tracking::{EmbeddedStore, MemoryStore};
use tokio::runtime::{Builder, Runtime};

use crate::model::{behaves_as_a_map, operations};

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_store_in_memory_behaves_as_a_map(operations in operations()) {
        let open = |before: Option<MemoryStore>| before.unwrap_or_default();
        runtime().block_on(behaves_as_a_map(operations, open))?;
    }
}

proptest! {
    // Each operation waits for the disk.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_embedded_store_behaves_as_a_map(operations in operations()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tracking.db");
        let open = |before: Option<EmbeddedStore>| {
            drop(before);
            EmbeddedStore::open(&path).unwrap()
        };
        runtime().block_on(behaves_as_a_map(operations, open))?;
    }
}
