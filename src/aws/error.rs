//! From the SDKs' errors to ours.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_eventbridge::config::http::HttpResponse;
use aws_sdk_eventbridge::error::{ProvideErrorMetadata, SdkError};

use super::reach::Reach;
use crate::calls::{CallError, CallErrorKind, Effect};

/// Codes that say more than the status of the answer. Sources: the services' API references, common errors; `AWS.` and
/// `com.amazonaws` prefixes are cut off before.
const CODES: [(CallErrorKind, &[&str]); 8] = [
    (
        CallErrorKind::Throttled,
        &[
            "ThrottlingException",
            "Throttling",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "TooManyRequests",
            "ProvisionedThroughputExceededException",
            "KmsThrottled",
            "SlowDown",
        ],
    ),
    (
        CallErrorKind::NoCredentials,
        &[
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "InvalidAccessKeyId",
            "InvalidSecurity",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "IncompleteSignature",
            "AuthFailure",
        ],
    ),
    (CallErrorKind::ClockSkew, &["RequestExpired", "RequestTimeTooSkewed"]),
    (
        CallErrorKind::Denied,
        &[
            "AccessDenied",
            "AccessDeniedException",
            "AuthorizationError",
            "UnauthorizedOperation",
            "NotAuthorized",
            "OptInRequired",
            "KmsAccessDenied",
        ],
    ),
    (
        CallErrorKind::Missing,
        &[
            "ResourceNotFoundException",
            "NoSuchBucket",
            "NoSuchKey",
            "QueueDoesNotExist",
            "NonExistentQueue",
            "SimpleQueueService.NonExistentQueue",
        ],
    ),
    (CallErrorKind::Exists, &["ResourceAlreadyExistsException", "QueueNameExists", "QueueAlreadyExists"]),
    (
        CallErrorKind::Conflict,
        &[
            "ConcurrentModificationException",
            "QueueDeletedRecently",
            "SimpleQueueService.QueueDeletedRecently",
            "ResourceInUseException",
            "OperationAborted",
        ],
    ),
    (CallErrorKind::QuotaExceeded, &["LimitExceededException", "OverLimit", "ServiceQuotaExceededException"]),
];

impl Reach {
    /// What became of a call that failed.
    pub(super) fn failed<E>(&self, operation: &'static str, error: SdkError<E, HttpResponse>) -> CallError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        if let Some(refused) = find::<CredentialsError>(&error) {
            return self.no_credentials(operation, refused);
        }
        match &error {
            SdkError::ServiceError(answer) => {
                let (status, code) = (answer.raw().status().as_u16(), answer.err().code());
                match code {
                    // A good answer that cannot be read counts as the service's error too.
                    None if status < 400 => self.unreadable(operation, status, &error),
                    _ => self.answered(operation, status, code, answer.err().message()),
                }
            }
            SdkError::ResponseError(answer) => {
                self.unreadable(operation, answer.raw().status().as_u16(), &error)
            }
            SdkError::TimeoutError(_) => self.unreachable(operation, "Timeout", &error, Effect::Unknown),
            SdkError::DispatchFailure(_) => {
                let effect = if never_connected(&error) { Effect::None } else { Effect::Unknown };
                self.unreachable(operation, "ConnectionFailed", &error, effect)
            }
            _ => {
                self.error(operation, "BadRequest", root_cause(&error), CallErrorKind::Invalid, Effect::None)
            }
        }
    }

    /// Credentials could not be had.
    pub(super) fn no_credentials(&self, operation: &'static str, error: &CredentialsError) -> CallError {
        let message = match (error, &self.profile) {
            (CredentialsError::CredentialsNotLoaded(_), None) => {
                "no AWS credentials in the environment, in the shared files or on this machine".to_owned()
            }
            (CredentialsError::CredentialsNotLoaded(_), Some(profile)) => {
                format!("the shared files have no credentials for a profile `{profile}`")
            }
            (other, _) => format!("AWS credentials could not be loaded: {}", root_cause(other)),
        };
        self.error(operation, "NoCredentials", message, CallErrorKind::NoCredentials, Effect::None)
    }

    /// What an answer with an error means.
    pub(super) fn answered(
        &self,
        operation: &'static str,
        status: u16,
        code: Option<&str>,
        message: Option<&str>,
    ) -> CallError {
        let message = message.unwrap_or_default().to_owned();
        let code = code.map_or_else(|| format!("HTTP {status}"), |code| bare(code).to_owned());
        let kind = kind_of(&code, &message, status);
        let effect = if kind == CallErrorKind::Unavailable { Effect::Unknown } else { Effect::None };
        self.error(operation, &code, message, kind, effect)
    }

    /// An answer that is none of the service's, such as a proxy's page.
    fn unreadable(&self, operation: &'static str, status: u16, error: &(dyn Error + 'static)) -> CallError {
        let message = format!("{self} answered HTTP {status} with something else: {}", root_cause(error));
        self.error(operation, "BadResponse", message, CallErrorKind::Unavailable, Effect::Unknown)
    }

    fn unreachable(
        &self,
        operation: &'static str,
        code: &str,
        error: &(dyn Error + 'static),
        effect: Effect,
    ) -> CallError {
        let message = format!("no connection to {self}: {}", root_cause(error));
        self.error(operation, code, message, CallErrorKind::Unavailable, effect)
    }
}

/// A code without the namespaces that some protocols put before it.
fn bare(code: &str) -> &str {
    let code = code.rsplit('#').next().unwrap_or(code);
    code.strip_prefix("AWS.").unwrap_or(code)
}

fn kind_of(code: &str, message: &str, status: u16) -> CallErrorKind {
    // The same code as for a wrong secret; only the message tells: "Signature expired: 20261122T100000Z is now earlier
    // than ...", "Signature not yet current: ...".
    if message.starts_with("Signature expired") || message.starts_with("Signature not yet current") {
        return CallErrorKind::ClockSkew;
    }
    // SQS's shape names end so in one of its two protocols.
    let code = code.strip_prefix("com.amazonaws.sqs.").unwrap_or(code);
    let named = CODES.iter().find(|(_, codes)| codes.contains(&code)).map(|(kind, _)| *kind);
    named.unwrap_or(match status {
        429 => CallErrorKind::Throttled,
        401 | 403 => CallErrorKind::Denied,
        404 => CallErrorKind::Missing,
        408 | 500.. => CallErrorKind::Unavailable,
        _ => CallErrorKind::Invalid,
    })
}

/// Whether a call surely never left this machine.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    // hyper-util's words; its kind is not public.
    causes(error).any(|cause| cause.to_string().contains("client error (Connect)"))
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    causes(error).find_map(|cause| cause.downcast_ref::<T>())
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn Error + 'static)| (*error).source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_decide_before_statuses_do() {
        use CallErrorKind::{
            ClockSkew, Conflict, Denied, Invalid, Missing, NoCredentials, QuotaExceeded, Throttled,
            Unavailable,
        };
        let cases = [
            ("ThrottlingException", "Rate exceeded", 400, Throttled),
            ("InternalException", "", 500, Unavailable),
            ("HTTP 503", "", 503, Unavailable),
            ("AccessDeniedException", "User: x is not authorized", 400, Denied),
            ("HTTP 403", "", 403, Denied),
            ("UnrecognizedClientException", "The security token is invalid", 400, NoCredentials),
            (
                "InvalidSignatureException",
                "Signature expired: 20261122T100000Z is now earlier",
                403,
                ClockSkew,
            ),
            ("InvalidSignatureException", "Signature not yet current: 2026", 403, ClockSkew),
            ("InvalidSignatureException", "The request signature we calculated does not", 403, NoCredentials),
            ("ResourceNotFoundException", "Event bus x does not exist.", 400, Missing),
            ("SimpleQueueService.NonExistentQueue", "", 400, Missing),
            ("QueueDeletedRecently", "You must wait 60 seconds", 400, Conflict),
            ("LimitExceededException", "", 400, QuotaExceeded),
            ("ValidationException", "1 validation error detected", 400, Invalid),
        ];
        for (code, message, status, kind) in cases {
            assert_eq!(kind_of(code, message, status), kind, "{code} {status}");
        }
    }

    #[test]
    fn codes_lose_their_namespaces() {
        assert_eq!(bare("com.amazonaws.sqs#QueueDoesNotExist"), "QueueDoesNotExist");
        assert_eq!(bare("AWS.SimpleQueueService.NonExistentQueue"), "SimpleQueueService.NonExistentQueue");
        assert_eq!(bare("AccessDenied"), "AccessDenied");
    }
}
