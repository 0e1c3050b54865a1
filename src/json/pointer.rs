//! JSON pointers (RFC 6901), the way in which every message names a place inside a document.

use std::fmt;

use super::Text;

/// A JSON pointer: `""` is the whole document, `/detail/items/0` a place in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPointer(String);

impl JsonPointer {
    /// The pointer to the whole document.
    pub fn root() -> JsonPointer {
        JsonPointer::default()
    }

    /// The pointer to member `name` of what this one points to.
    pub fn member(&self, name: &Text) -> JsonPointer {
        let mut pointer = self.clone();
        pointer.push_member(name);
        pointer
    }

    /// The pointer to element `index` of what this one points to.
    pub fn element(&self, index: usize) -> JsonPointer {
        let mut pointer = self.clone();
        pointer.push_element(index);
        pointer
    }

    /// Goes down to member `name`. Lone surrogates show as U+FFFD.
    pub fn push_member(&mut self, name: &Text) {
        self.0.push('/');
        self.0.push_str(&name.to_string_lossy().replace('~', "~0").replace('/', "~1"));
    }

    /// Goes down to element `index`.
    pub fn push_element(&mut self, index: usize) {
        self.0.push('/');
        self.0.push_str(&index.to_string());
    }

    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How long the text is now; [`truncate`](Self::truncate) goes back up to here.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether this is the whole document.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes back up to a length that [`len`](Self::len) gave.
    pub fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

/// Why a text is no JSON pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointerError {
    /// It does not start with a slash.
    NoSlash,
    /// A `~` is not followed by 0 or 1.
    BadEscape,
}

/// The steps of the pointer that `text` spells, unescaped; at least one.
///
/// # Errors
/// The text spells no pointer into a document; the pointer to the whole document has no steps and is refused too.
pub fn steps(text: &str) -> Result<Vec<String>, PointerError> {
    text.strip_prefix('/').ok_or(PointerError::NoSlash)?.split('/').map(unescaped).collect()
}

fn unescaped(step: &str) -> Result<String, PointerError> {
    let after_tilde = step.split('~').skip(1);
    if after_tilde.into_iter().any(|after| !after.starts_with(['0', '1'])) {
        return Err(PointerError::BadEscape);
    }
    Ok(step.replace("~1", "/").replace("~0", "~"))
}

impl fmt::Display for JsonPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
