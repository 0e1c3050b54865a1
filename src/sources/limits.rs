//! How much is held in memory.

/// How much a source holds at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLimits {
    /// Bytes after which a batch is handed on. One event may exceed it.
    pub batch_bytes_target: usize,
    /// Items after which a batch is handed on. One wrapper element may exceed it.
    pub batch_items_max: usize,
    /// Bytes of the longest event, and of the longest document or list element that holds one. Longer ones are
    /// passed over and reported.
    pub event_bytes_max: usize,
    /// Bytes asked for in one read.
    pub block_bytes: usize,
}

impl Default for SourceLimits {
    /// Batches of 4 MiB or 65,536 items, events of up to 16 MiB (EventBridge takes 1 MB), blocks of 256 KiB.
    fn default() -> SourceLimits {
        SourceLimits {
            batch_bytes_target: 4 << 20,
            batch_items_max: 1 << 16,
            event_bytes_max: 16 << 20,
            block_bytes: 256 << 10,
        }
    }
}
