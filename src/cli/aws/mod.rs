//! What commands that call AWS share: how it is reached, and how what goes wrong is told.

mod args;
#[cfg(feature = "aws")]
mod connect;
#[cfg(feature = "aws")]
mod failure;
#[cfg(not(feature = "aws"))]
mod not_built;
#[cfg(feature = "aws")]
mod rules;

pub(super) use args::AwsArgs;
#[cfg(feature = "aws")]
pub(super) use connect::{connect, run_async};
#[cfg(feature = "aws")]
pub(super) use failure::{failed, is_back_end_failure};
#[cfg(not(feature = "aws"))]
pub(super) use not_built::{BUILD_HINT, NOT_BUILT, not_built};
#[cfg(feature = "aws")]
pub(super) use rules::plain_rules_of;
