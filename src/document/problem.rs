//! Why a file cannot be read.

use crate::json::SyntaxProblem;

/// What is wrong with a file before anybody asks what it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentProblem {
    /// The operating system refuses.
    #[error("not readable: {message}")]
    Unreadable {
        /// In its words.
        message: String,
    },
    /// More bytes than any file of its kind has.
    #[error("{bytes} bytes are more than the {bytes_max} that are read of such a file")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        bytes_max: u64,
    },
    /// The same of what has no size to look at beforehand: a pipe, a device.
    #[error("more than the {bytes_max} bytes that are read of such a file")]
    TooLong {
        /// The limit.
        bytes_max: u64,
    },
    /// Not UTF-8.
    #[error("not text in UTF-8")]
    NotUtf8,
    /// Not JSON.
    #[error("not JSON: {0}")]
    Json(SyntaxProblem),
    /// Something stands behind the JSON value.
    #[error("not JSON: more text follows the end of the value")]
    MoreAfterJson,
    /// Not YAML, or a part of YAML that has no meaning here.
    #[error("not YAML: {message}")]
    Yaml {
        /// What the reader says.
        message: String,
    },
    /// Not HCL.
    #[error("not a Terraform configuration: {message}")]
    Hcl {
        /// What the reader says.
        message: String,
    },
    /// Indented beyond all use.
    #[error("indented by more than {columns_max} columns")]
    TooDeep {
        /// The limit.
        columns_max: usize,
    },
}
