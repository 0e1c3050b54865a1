//! OTLP over HTTP, in the protocol's JSON encoding.
//!
//! <https://opentelemetry.io/docs/specs/otlp/#otlphttp>: every receiver of OTLP/HTTP takes JSON as well as binary
//! messages. JSON needs nothing that is not in the tree for other reasons; `opentelemetry-proto` would bring prost,
//! tonic's messages and two more crates of OpenTelemetry for a body of some kilobytes every ten seconds. Totals are
//! sent as cumulative, so that an emission that is lost leaves no gap.

use std::str::FromStr;
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::http::uri::Scheme;
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde_json::{Value as Json, json};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::super::buckets::BucketCounts;
use super::super::definition::{Definition, Unit};
use super::super::snapshot::{Sample, Snapshot, Value};
use super::exporter::{EmitProblem, Exporter, Moment};

/// From the connection to the answer; the specification's default.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
const DEFAULT_PATH: &str = "/v1/metrics";
const DEFAULT_PORT: u16 = 4318;
/// Totals since the start, in the protocol's enumeration.
const CUMULATIVE: u8 = 2;

/// Where a collector takes metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtlpUrl {
    host: String,
    port: u16,
    path: String,
}

/// Why a URL cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum OtlpUrlProblem {
    /// Not a URL with a host.
    #[error("is no URL such as http://127.0.0.1:4318")]
    NotAUrl,
    /// Something else than `http://`.
    #[error(
        "is not http://: give the address of a collector on this machine or network, and let that one encrypt"
    )]
    NotHttp,
}

impl FromStr for OtlpUrl {
    type Err = OtlpUrlProblem;

    /// Reads `http://host[:4318][/v1/metrics]`.
    fn from_str(text: &str) -> Result<OtlpUrl, OtlpUrlProblem> {
        let uri: Uri = text.parse().map_err(|_| OtlpUrlProblem::NotAUrl)?;
        match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTP => {}
            Some(_) => return Err(OtlpUrlProblem::NotHttp),
            None => return Err(OtlpUrlProblem::NotAUrl),
        }
        let authority = uri.authority().ok_or(OtlpUrlProblem::NotAUrl)?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(OtlpUrl {
            host: authority.host().to_owned(),
            port: authority.port_u16().unwrap_or(DEFAULT_PORT),
            path: if path == "/" { DEFAULT_PATH.to_owned() } else { path.to_owned() },
        })
    }
}

/// Posts totals to a collector.
#[derive(Debug)]
pub struct Otlp {
    url: OtlpUrl,
    started: Moment,
    /// `None` after it was shut down.
    runtime: Option<Runtime>,
}

impl Otlp {
    /// An exporter to `url`, for totals that begin at `started`.
    ///
    /// # Errors
    /// The system gives no runtime.
    pub fn to(url: OtlpUrl, started: Moment) -> std::io::Result<Otlp> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        Ok(Otlp { url, started, runtime: Some(runtime) })
    }
}

impl Drop for Otlp {
    fn drop(&mut self) {
        // A name that is still being looked up is nobody's business any more.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Exporter for Otlp {
    fn name(&self) -> &'static str {
        "otlp"
    }

    fn emit(&mut self, snapshot: &Snapshot, at: Moment) -> Result<(), EmitProblem> {
        let body = request(snapshot, self.started, at).to_string();
        let Some(runtime) = &self.runtime else { return Ok(()) };
        let posted = runtime.block_on(async { timeout(ANSWER_WITHIN, post(&self.url, body)).await });
        let problem = match posted {
            Ok(Ok(status)) if status.is_success() => return Ok(()),
            Ok(Ok(status)) => format!("the answer is {status}"),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} s", ANSWER_WITHIN.as_secs()),
        };
        Err(EmitProblem(format!("OTLP to {}:{}: {problem}", self.url.host, self.url.port)))
    }
}

/// One request over a connection of its own; what the answer holds besides its status is not read.
async fn post(url: &OtlpUrl, body: String) -> anyhow::Result<StatusCode> {
    let host = url.host.trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, url.port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::post(&url.path)
        .header(HOST, format!("{}:{}", url.host, url.port))
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, concat!("ruleproof/", env!("CARGO_PKG_VERSION")))
        .header(CONNECTION, "close")
        .body(Full::new(Bytes::from(body)))?;
    let mut sent = std::pin::pin!(sender.send_request(request));
    tokio::select! {
        response = &mut sent => Ok(response?.status()),
        ended = connection => {
            ended?;
            // The answer, if there was one, was handed over before the connection ended.
            Ok(sent.await?.status())
        }
    }
}

/// An `ExportMetricsServiceRequest`. 64-bit integers are strings, as in all JSON of protocol buffers.
fn request(snapshot: &Snapshot, started: Moment, at: Moment) -> Json {
    let times = Times { started: started.nanos().to_string(), at: at.nanos().to_string() };
    let metrics: Vec<Json> =
        snapshot.by_metric().map(|(definition, samples)| metric(definition, samples, &times)).collect();
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    json!({ "resourceMetrics": [{
        "resource": { "attributes": [attribute("service.name", name), attribute("service.version", version)] },
        "scopeMetrics": [{ "scope": { "name": name, "version": version }, "metrics": metrics }],
    }]})
}

struct Times {
    started: String,
    at: String,
}

fn metric(definition: &Definition, samples: &[Sample], times: &Times) -> Json {
    let points: Vec<Json> = samples.iter().map(|sample| point(sample, times)).collect();
    let mut metric =
        json!({ "name": definition.name, "description": definition.help, "unit": unit(definition.unit) });
    let (kind, data) = match samples.first().map(|sample| &sample.value) {
        Some(Value::Counter(_)) => (
            "sum",
            json!({ "dataPoints": points, "aggregationTemporality": CUMULATIVE, "isMonotonic": true }),
        ),
        Some(Value::Histogram(_)) => {
            ("histogram", json!({ "dataPoints": points, "aggregationTemporality": CUMULATIVE }))
        }
        Some(Value::Gauge(_)) | None => ("gauge", json!({ "dataPoints": points })),
    };
    metric[kind] = data;
    metric
}

fn point(sample: &Sample, times: &Times) -> Json {
    let attributes: Vec<Json> = sample.labels().map(|(name, value)| attribute(name, value)).collect();
    let mut point = json!({ "attributes": attributes, "timeUnixNano": times.at });
    match &sample.value {
        Value::Gauge(value) => point["asDouble"] = json!(value),
        Value::Counter(total) => {
            point["startTimeUnixNano"] = json!(times.started);
            point["asInt"] = json!(total.to_string());
        }
        Value::Histogram(counts) => {
            point["startTimeUnixNano"] = json!(times.started);
            point["count"] = json!(counts.count().to_string());
            point["sum"] = json!(counts.sum_seconds());
            point["bucketCounts"] = counts.by_bucket().iter().map(u64::to_string).collect();
            point["explicitBounds"] = BucketCounts::bounds().collect();
        }
    }
    point
}

fn attribute(name: &str, value: &str) -> Json {
    json!({ "key": name, "value": { "stringValue": value } })
}

/// The unit in UCUM.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => "By",
        Unit::Seconds => "s",
        Unit::Count | Unit::Ratio | Unit::Flag => "1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_with_the_defaults_of_the_protocol() {
        let url: OtlpUrl = "http://collector".parse().unwrap();
        assert_eq!((url.host.as_str(), url.port, url.path.as_str()), ("collector", 4318, "/v1/metrics"));
        let url: OtlpUrl = "http://[::1]:9/otlp/v1/metrics?a=b".parse().unwrap();
        assert_eq!((url.host.as_str(), url.port, url.path.as_str()), ("[::1]", 9, "/otlp/v1/metrics?a=b"));
        assert_eq!("https://collector".parse::<OtlpUrl>(), Err(OtlpUrlProblem::NotHttp));
        assert_eq!("collector:4318".parse::<OtlpUrl>(), Err(OtlpUrlProblem::NotAUrl));
        assert_eq!("".parse::<OtlpUrl>(), Err(OtlpUrlProblem::NotAUrl));
    }
}
