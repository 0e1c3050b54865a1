//! What the other side makes of our output: the official parsers, in Python.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::python::python_with;

/// `prometheus_client` is the reference parser of the text format; `opentelemetry-proto` is generated from the
/// protocol's own files.
const PACKAGES: [&str; 2] = ["prometheus-client==0.26.0", "opentelemetry-proto==1.45.2"];

/// Prints `[{"name", "type", "samples": [[name, labels, value]]}]`.
const PROMETHEUS: &str = "
import json, sys
from prometheus_client.parser import text_string_to_metric_families as families
text = sys.stdin.buffer.read().decode()
print(json.dumps([{'name': f.name, 'type': f.type, 'samples': [[s.name, s.labels, s.value] for s in f.samples]}
                  for f in families(text)]))
";

/// Refuses fields that the protocol does not have.
const OTLP: &str = "
import sys
from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
request = json_format.Parse(sys.stdin.buffer.read(), ExportMetricsServiceRequest())
again = ExportMetricsServiceRequest.FromString(request.SerializeToString())
print(json_format.MessageToJson(again))
";

/// The families of a scrape.
pub(crate) fn prometheus(text: &str) -> Value {
    read(PROMETHEUS, text)
}

/// An OTLP request, through the binary form and back.
pub(crate) fn otlp(body: &str) -> Value {
    read(OTLP, body)
}

fn read(program: &str, text: &str) -> Value {
    let mut python = Command::new(python_with("telemetry-readers", &PACKAGES))
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
