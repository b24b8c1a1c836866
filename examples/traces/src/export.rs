use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig};

/// To the collector at this address, by OTLP over HTTP.
pub(super) fn to(address: &str) -> Result<SpanExporter, ExporterBuildError> {
    SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", address.trim_end_matches('/')))
        .build()
}
