//! The objects under a prefix, listed by pages, fetched ahead and handed on in order.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::open::FeedTimes;
use super::parts::{Part, Parts};
use super::running::{Opened, handed, unusable};
use super::s3::{Bucket, GET, LIST, Object};
use crate::aws::connect::Aws;
use crate::calls::{CallError, CallErrorKind, CallGroup, CallPolicy, CallSettings, Effect};
use crate::sources::{Again, FedInput, FeedFailure};

/// Bytes of one call.
const PART_BYTES: u64 = 4 << 20;
/// Objects that are fetched at once. Each holds a part that is under way and one that waits, so all of them at most
/// 48 MiB.
const OBJECTS_AT_ONCE: u32 = 6;
/// Keys of one page. Source: S3 API Reference, `ListObjectsV2`.
const KEYS_MAX: i32 = 1_000;
/// Inputs that wait to be read; each is a name and the way to its parts.
const INPUTS_WAITING: usize = 4;
/// A part of 4 MiB over a slow line.
const PART_TIMEOUT: Duration = Duration::from_secs(60);
/// What CreateExportTask writes to see whether it may.
const LOGS_WRITE_TEST: &str = "aws-logs-write-test";

/// The place of an object in a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    key: String,
    etag: String,
}

/// Opens the objects of `bucket` whose keys begin with `prefix`.
pub(super) async fn open(
    aws: &Aws,
    bucket: String,
    prefix: String,
    times: FeedTimes,
    from: Option<&str>,
) -> Result<Opened, CallError> {
    let parts = CallGroup { timeout: PART_TIMEOUT, ..CallGroup::unlimited(&[GET]) };
    let settings = CallSettings { groups: vec![parts], ..CallSettings::of_service("S3") };
    let policy = Arc::new(CallPolicy::new(&settings, fastrand::u64(..)));
    let (client, reach) = aws.s3();
    let objects = Objects { bucket: Bucket { client, reach, name: bucket }, prefix, times, policy };
    let beginning = objects.begin(from).await?;
    let (inputs, received) = channel(INPUTS_WAITING);
    let failure = FeedFailure::default();
    let feed = handed(received, failure.clone());
    Ok(Opened { feed, run: Box::pin(objects.run(beginning, inputs, failure)) })
}

/// The bucket and the prefix that `rest`, the part of `spec` behind its scheme, names.
pub(super) fn bucket_and_prefix(spec: &str, rest: &str) -> Result<(String, String), CallError> {
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if bucket.len() < 3 || !bucket.bytes().all(fits) {
        let message = format!("`{spec}` names no bucket; it is written s3://BUCKET/PREFIX");
        return Err(unusable("S3", "BadName", message));
    }
    Ok((bucket.to_owned(), prefix.to_owned()))
}

/// The objects of a bucket whose keys begin with `prefix`.
#[derive(Debug)]
struct Objects {
    bucket: Bucket,
    prefix: String,
    times: FeedTimes,
    policy: Arc<CallPolicy>,
}

/// The first objects, and how to ask for more.
struct Beginning {
    objects: Vec<Object>,
    behind: Option<String>,
    next: Next,
}

enum Next {
    Page(Option<String>),
    Nothing,
}

impl Objects {
    async fn page(&self, behind: Option<&str>, next: Option<&str>) -> Result<(Vec<Object>, Next), CallError> {
        let page = self.policy.call(LIST, || self.bucket.list(&self.prefix, behind, next, KEYS_MAX)).await?;
        let next = page.next.map_or(Next::Nothing, |next| Next::Page(Some(next)));
        Ok((page.objects, next))
    }

    /// The first page, or from the object on that `place` names.
    async fn begin(&self, place: Option<&str>) -> Result<Beginning, CallError> {
        let Some(place) = place else {
            let (objects, next) = self.page(None, None).await?;
            return Ok(Beginning { objects, behind: None, next });
        };
        let changed = |message: String| {
            self.bucket.reach.error(LIST, "Changed", message, CallErrorKind::Invalid, Effect::None)
        };
        let place: Place = serde_json::from_str(place)
            .map_err(|error| changed(format!("the checkpoint names no object: {error}")))?;
        // A key comes before all others that begin with it.
        let found = self.policy.call(LIST, || self.bucket.list(&place.key, None, None, 1)).await?.objects;
        match found.into_iter().next().filter(|object| object.key == place.key) {
            Some(object) if object.etag == place.etag => {
                Ok(Beginning { objects: vec![object], behind: Some(place.key), next: Next::Page(None) })
            }
            Some(_) => Err(changed(format!("{} has changed since the checkpoint", place.key))),
            None => Err(changed(format!("{} was being read at the checkpoint and is gone", place.key))),
        }
    }

    /// Hands on everything from `beginning` on, until nobody listens.
    async fn run(self, beginning: Beginning, inputs: Sender<FedInput>, failure: FeedFailure) {
        let objects = Arc::new(self);
        let room = Arc::new(Semaphore::new(OBJECTS_AT_ONCE as usize));
        let Beginning { objects: mut found, behind, mut next } = beginning;
        loop {
            for object in found.into_iter().filter(|object| objects.wants(object)) {
                let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
                if failure.get().is_some() {
                    return;
                }
                let (parts, received) = channel(1);
                let input = objects.input(&object, received, failure.clone());
                tokio::spawn(Arc::clone(&objects).fetch(object, parts, failure.clone(), permit));
                if inputs.send(input).await.is_err() {
                    return;
                }
            }
            let Next::Page(token) = &next else { break };
            match objects.page(behind.as_deref().filter(|_| token.is_none()), token.as_deref()).await {
                Ok(page) => (found, next) = page,
                Err(error) => return failure.note(error.told()),
            }
        }
        drop(inputs);
        // The last objects are still on their way.
        let _ = room.acquire_many(OBJECTS_AT_ONCE).await;
    }

    fn wants(&self, object: &Object) -> bool {
        let is_folder = object.key.ends_with('/') && object.bytes == 0;
        let is_write_test = object.key.rsplit('/').next() == Some(LOGS_WRITE_TEST);
        !is_folder && !is_write_test && self.times.contain(object.modified)
    }

    fn input(&self, object: &Object, parts: Receiver<Part>, failure: FeedFailure) -> FedInput {
        let place = Place { key: object.key.clone(), etag: object.etag.clone() };
        FedInput {
            name: format!("s3://{}/{}", self.bucket.name, object.key).into(),
            place: serde_json::to_string(&place).unwrap_or_default(),
            again: Again::Always,
            first_line: 1,
            content: Ok(Box::new(Parts::new(parts, object.bytes, failure))),
        }
    }

    async fn fetch(
        self: Arc<Objects>,
        object: Object,
        parts: Sender<Part>,
        failure: FeedFailure,
        _permit: OwnedSemaphorePermit,
    ) {
        let mut start = 0;
        while start < object.bytes {
            let end = object.bytes.min(start + PART_BYTES);
            let part = match self.policy.call(GET, || self.bucket.part(&object, start, end)).await {
                Ok(part) => Ok(part),
                Err(error) if is_about_the_object(error.kind) => Err(error.to_string()),
                Err(error) => return failure.note(error.told()),
            };
            let is_broken = part.is_err();
            if parts.send(part).await.is_err() || is_broken {
                return;
            }
            start = end;
        }
    }
}

/// Whether the next object may be had all the same.
fn is_about_the_object(kind: CallErrorKind) -> bool {
    matches!(
        kind,
        CallErrorKind::Denied | CallErrorKind::Missing | CallErrorKind::Invalid | CallErrorKind::Conflict
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_told_from_its_prefix() {
        let parts = |rest: &str| bucket_and_prefix("s3://...", rest).ok();
        assert_eq!(parts("events/2026/11/"), Some(("events".to_owned(), "2026/11/".to_owned())));
        assert_eq!(parts("events"), Some(("events".to_owned(), String::new())));
        assert_eq!(parts("events//x"), Some(("events".to_owned(), "/x".to_owned())));
        for rest in ["", "/x", "a b/x", "ab"] {
            assert_eq!(parts(rest), None, "{rest}");
        }
    }
}
