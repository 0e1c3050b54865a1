//! Texts of files, to show lines of them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Texts of files that were read before, each read at most once more however many findings show lines of it.
#[derive(Debug, Default)]
pub struct SourceTexts {
    known: HashMap<Arc<Path>, Arc<str>>,
}

impl SourceTexts {
    /// The text of `file`, without a byte-order mark; empty if it is gone, as a finding can do without its line.
    pub fn of(&mut self, file: &Arc<Path>) -> Arc<str> {
        let read = || {
            let text = crate::rules::source_text(file).unwrap_or_default();
            text.strip_prefix('\u{feff}').unwrap_or(&text).into()
        };
        Arc::clone(self.known.entry(Arc::clone(file)).or_insert_with(read))
    }
}
