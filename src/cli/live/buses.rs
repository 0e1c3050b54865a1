//! What reads buses.

#[cfg(feature = "aws")]
use crate::cli::aws::AwsArgs;
use crate::rules::{LiveBus, LiveFault, LiveProblem, LiveRules};

/// Reads buses with what the command was given, or with what the environment says.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct LiveBuses {
    #[cfg(feature = "aws")]
    pub(in crate::cli) aws: AwsArgs,
}

#[cfg(feature = "aws")]
impl LiveRules for LiveBuses {
    fn read(&self, bus: &LiveBus) -> Result<String, LiveProblem> {
        use crate::cli::aws::{is_back_end_failure, plain_rules_of, run_async};

        // The region is that of the source.
        let aws = AwsArgs { region: Some(bus.region.clone()), ..self.aws.clone() };
        let read = run_async(async { Ok(plain_rules_of(&aws, &bus.bus).await) });
        let read = read.map_err(|error| LiveProblem {
            message: error.to_string(),
            fault: LiveFault::BackEnd,
            hint: None,
        })?;
        read.map(|plain| plain.text).map_err(|error| LiveProblem {
            message: error.to_string(),
            fault: if is_back_end_failure(error.kind) { LiveFault::BackEnd } else { LiveFault::Source },
            hint: error.kind.hint().map(str::to_owned),
        })
    }
}

#[cfg(not(feature = "aws"))]
impl LiveRules for LiveBuses {
    fn read(&self, _: &LiveBus) -> Result<String, LiveProblem> {
        Err(LiveProblem {
            message: crate::cli::aws::NOT_BUILT.to_owned(),
            fault: LiveFault::Source,
            hint: Some(crate::cli::aws::BUILD_HINT.to_owned()),
        })
    }
}
