//! From what was asked for to clients.

use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_eventbridge::config::SharedHttpClient;
use aws_sdk_eventbridge::config::retry::RetryConfig;
use aws_sdk_eventbridge::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::ResponseChecksumValidation;
use aws_smithy_http_client::tls;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

use super::bus_admin::AwsBusAdmin;
use super::dynamodb::DynamoDbTable;
use super::event_bus::AwsEventBus;
use super::live_rules::AwsLiveRules;
use super::pattern_tester::AwsPatternTester;
use super::queue::AwsQueue;
use super::queue_admin::AwsQueueAdmin;
use super::reach::Reach;
use crate::calls::{CallError, CallErrorKind, CallPolicy, CallSettings, Effect};
use crate::probe::{QueueAdmin, QueueUrl, Setup};
use crate::rules::BusName;

/// How long a connection may take; the time of a whole call is [`crate::calls`]' to limit.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What a user says about how to reach AWS. What is `None` is taken from where all AWS tools take it: the environment,
/// the shared files, the machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwsOptions {
    /// A profile of the shared files.
    pub profile: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// Another endpoint for all services, such as a stand-in for AWS on this machine.
    pub endpoint_url: Option<String>,
}

/// What sets up testbeds on AWS.
pub type AwsSetup = Setup<AwsBusAdmin, AwsQueueAdmin>;

/// A connection to one region of AWS with one set of credentials.
#[derive(Debug, Clone)]
pub struct Aws {
    config: SdkConfig,
    region: String,
    profile: Option<String>,
}

impl Aws {
    /// Finds region and credentials; calls no service unless credentials come from one.
    ///
    /// # Errors
    /// [`CallErrorKind::NoCredentials`] if there are none, [`CallErrorKind::Invalid`] if no region is known or what
    /// was given for one is none.
    pub async fn connect(options: &AwsOptions) -> Result<Aws, CallError> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http_client())
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build());
        if let Some(profile) = &options.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &options.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &options.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let mut config = loader.load().await;
        if let Some(profile) = &options.profile {
            // Whoever names a profile means its credentials, whatever the environment has; SDKs take the environment first.
            let credentials =
                SharedCredentialsProvider::new(credentials_of(profile, config.region().cloned()));
            config = config.into_builder().credentials_provider(credentials).build();
        }
        let region = config.region().map(|region| region.as_ref().to_owned());
        let reach = |region: &str| Reach {
            service: "AWS",
            region: region.to_owned(),
            endpoint_url: config.endpoint_url().map(str::to_owned),
            profile: options.profile.clone(),
        };
        let Some(region) = region.filter(|region| !region.is_empty()) else {
            return Err(unusable_region(&reach(""), "no region; give --region or set AWS_REGION"));
        };
        // It becomes a part of host names.
        if !region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
            return Err(unusable_region(
                &reach(&region),
                &format!("`{region}` is no region, such as eu-west-1"),
            ));
        }
        check_credentials(&config, &reach(&region)).await?;
        Ok(Aws { config, region, profile: options.profile.clone() })
    }

    /// The region that is called.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The bus of this name, or ARN.
    pub fn event_bus(&self, bus: &BusName) -> AwsEventBus {
        AwsEventBus::new(self.event_bridge(), self.reach("EventBridge"), bus.clone())
    }

    /// AWS's own matcher.
    pub fn pattern_tester(&self) -> AwsPatternTester {
        AwsPatternTester::new(self.event_bridge(), self.reach("EventBridge"))
    }

    /// What reads the rules of buses; `seed` decides how long retries wait.
    pub fn live_rules(&self, seed: u64) -> AwsLiveRules {
        AwsLiveRules::new(self.event_bridge(), self.reach("EventBridge"), seed)
    }

    /// The queue of this URL.
    pub fn queue(&self, url: &QueueUrl) -> AwsQueue {
        AwsQueue::new(self.sqs(), self.reach("SQS"), url.clone())
    }

    /// The URL of the queue that is named, or given by its URL already; `seed` decides how long retries wait.
    ///
    /// # Errors
    /// There is none of this name, or the call failed.
    pub async fn queue_url(&self, name_or_url: &str, seed: u64) -> Result<QueueUrl, CallError> {
        if name_or_url.contains("//") {
            return Ok(QueueUrl(name_or_url.to_owned()));
        }
        let policy = CallPolicy::new(&CallSettings::of_service("SQS"), seed);
        let admin = self.queue_admin();
        policy.call("GetQueueUrl", || admin.queue(name_or_url)).await
    }

    /// What sets up testbeds; `seed` decides how long retries wait.
    pub fn setup(&self, seed: u64) -> AwsSetup {
        Setup::new(self.bus_admin(), self.queue_admin(), seed)
    }

    /// The table of this name, for tracking; `seed` decides how long retries wait.
    pub fn tracking_table(&self, name: &str, seed: u64) -> DynamoDbTable {
        let client = aws_sdk_dynamodb::Client::new(&self.config);
        DynamoDbTable::new(client, self.reach("DynamoDB"), name.to_owned(), seed)
    }

    /// S3, as objects are read from it.
    pub(super) fn s3(&self) -> (aws_sdk_s3::Client, Reach) {
        // Buckets are parts of paths where there is one host only. Checksums of objects cover the whole, not ranges.
        let config = aws_sdk_s3::config::Builder::from(&self.config)
            .force_path_style(self.config.endpoint_url().is_some())
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        (aws_sdk_s3::Client::from_conf(config.build()), self.reach("S3"))
    }

    /// EventBridge, as archives are replayed by it.
    pub(super) fn archives(&self) -> (aws_sdk_eventbridge::Client, Reach) {
        (self.event_bridge(), self.reach("EventBridge"))
    }

    /// The control plane of EventBridge.
    pub(super) fn bus_admin(&self) -> AwsBusAdmin {
        AwsBusAdmin::new(self.event_bridge(), self.reach("EventBridge"))
    }

    /// The control plane of SQS.
    pub(super) fn queue_admin(&self) -> AwsQueueAdmin {
        AwsQueueAdmin::new(self.sqs(), self.reach("SQS"))
    }

    /// CloudWatch Logs, as events are read from it.
    pub(super) fn logs(&self) -> (aws_sdk_cloudwatchlogs::Client, Reach) {
        (aws_sdk_cloudwatchlogs::Client::new(&self.config), self.reach("CloudWatch Logs"))
    }

    fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    fn event_bridge(&self) -> aws_sdk_eventbridge::Client {
        aws_sdk_eventbridge::Client::new(&self.config)
    }

    fn reach(&self, service: &'static str) -> Reach {
        let endpoint_url = self.config.endpoint_url().map(str::to_owned);
        Reach { service, region: self.region.clone(), endpoint_url, profile: self.profile.clone() }
    }
}

/// The credentials of a profile; roles are assumed in `region`.
fn credentials_of(profile: &str, region: Option<Region>) -> ProfileFileCredentialsProvider {
    let config = ProviderConfig::default().with_http_client(http_client()).with_region(region);
    ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profile).build()
}

fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().tls_provider(tls::Provider::Rustls(CryptoMode::Ring)).build_https()
}

fn unusable_region(reach: &Reach, message: &str) -> CallError {
    reach.error("connect", "NoRegion", message.to_owned(), CallErrorKind::Invalid, Effect::None)
}

/// Asked for before the first call, so that a command says so before it says anything else.
async fn check_credentials(config: &SdkConfig, reach: &Reach) -> Result<(), CallError> {
    match config.credentials_provider() {
        Some(provider) => match provider.provide_credentials().await {
            Ok(_) => Ok(()),
            Err(error) => Err(reach.no_credentials("connect", &error)),
        },
        None => {
            let message = "no way to get AWS credentials is configured".to_owned();
            Err(reach.error("connect", "NoCredentials", message, CallErrorKind::NoCredentials, Effect::None))
        }
    }
}
