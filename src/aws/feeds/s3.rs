//! The calls to S3, each tried once.

use std::time::SystemTime;

use aws_sdk_s3::Client;

use crate::aws::reach::Reach;
use crate::calls::{CallError, CallErrorKind, Effect};

pub(super) const LIST: &str = "ListObjectsV2";
pub(super) const GET: &str = "GetObject";

/// An object as a listing shows it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Object {
    pub(super) key: String,
    pub(super) etag: String,
    pub(super) bytes: u64,
    pub(super) modified: SystemTime,
}

/// One bucket.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    pub(super) client: Client,
    pub(super) reach: Reach,
    pub(super) name: String,
}

/// A page of a listing, and what asks for the next.
pub(super) struct Page {
    pub(super) objects: Vec<Object>,
    pub(super) next: Option<String>,
}

impl Bucket {
    pub(super) async fn list(
        &self,
        prefix: &str,
        behind: Option<&str>,
        next: Option<&str>,
        keys_max: i32,
    ) -> Result<Page, CallError> {
        let call = self.client.list_objects_v2().bucket(&self.name).prefix(prefix).max_keys(keys_max);
        let call =
            call.set_start_after(behind.map(str::to_owned)).set_continuation_token(next.map(str::to_owned));
        let answer = call.send().await.map_err(|error| self.reach.failed(LIST, error))?;
        let object = |object: &aws_sdk_s3::types::Object| {
            let modified = object.last_modified().and_then(|time| SystemTime::try_from(*time).ok());
            Some(Object {
                key: object.key()?.to_owned(),
                etag: object.e_tag().unwrap_or_default().to_owned(),
                bytes: u64::try_from(object.size()?).ok()?,
                modified: modified.unwrap_or(SystemTime::UNIX_EPOCH),
            })
        };
        let objects =
            answer.contents().iter().map(|found| object(found).ok_or_else(|| self.reach.lacks(LIST, "Key")));
        let next = answer.next_continuation_token().filter(|_| answer.is_truncated() == Some(true));
        Ok(Page { objects: objects.collect::<Result<_, _>>()?, next: next.map(str::to_owned) })
    }

    /// The bytes of `object` from `start` to `end`, exclusive; refused if it is not the one that was listed.
    pub(super) async fn part(&self, object: &Object, start: u64, end: u64) -> Result<Vec<u8>, CallError> {
        let range = format!("bytes={start}-{}", end.saturating_sub(1));
        let call =
            self.client.get_object().bucket(&self.name).key(&object.key).range(range).if_match(&object.etag);
        let answer = call.send().await.map_err(|error| self.reach.failed(GET, error))?;
        let broken = |message: String| {
            self.reach.error(GET, "BrokenConnection", message, CallErrorKind::Unavailable, Effect::None)
        };
        let body = answer.body.collect().await.map_err(|error| broken(error.to_string()))?.into_bytes();
        if body.len() as u64 == end - start {
            return Ok(body.into());
        }
        Err(broken(format!("{} bytes came instead of {}", body.len(), end - start)))
    }
}
