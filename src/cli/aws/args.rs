//! How AWS is reached.

use clap::Args;

/// How AWS is reached; what is not given comes from where all AWS tools take it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "AWS")]
pub(in crate::cli) struct AwsArgs {
    /// Profile of the shared AWS files [default: the environment's]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) profile: Option<String>,
    /// Region, such as eu-west-1 [default: that of the environment or the profile]
    #[arg(long, value_name = "REGION")]
    pub(in crate::cli) region: Option<String>,
    /// Call this endpoint instead of AWS's own, such as a stand-in on this machine
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) endpoint_url: Option<String>,
}
