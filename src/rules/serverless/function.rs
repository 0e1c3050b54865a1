//! What events need to know of the function that they call.

use crate::rules::Resolved;

/// A function as far as its rules need it.
#[derive(Debug)]
pub(super) struct Function<'a> {
    /// Its key in the file.
    pub(super) name: &'a str,
    pub(super) deployed_name: Resolved<String>,
    pub(super) arn: Resolved<String>,
}
