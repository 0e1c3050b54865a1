//! The connection of a command.

use super::args::AwsArgs;
use crate::aws::{Aws, AwsOptions};
use crate::calls::CallError;

impl AwsArgs {
    pub(in crate::cli) fn options(&self) -> AwsOptions {
        AwsOptions {
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
        }
    }
}

/// Connects as the user said.
pub(in crate::cli) async fn connect(args: &AwsArgs) -> Result<Aws, CallError> {
    Aws::connect(&args.options()).await
}

/// Runs what waits for AWS. One thread is enough: it waits most of the time.
pub(in crate::cli) fn run_async<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
