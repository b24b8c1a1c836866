use std::{fmt::Write, time::Duration};

use opentelemetry::trace::{SpanId, Status};
use opentelemetry_sdk::trace::SpanData;

/// The characters of the bar that shows when a span was, in the time of its tree's root.
const BAR: usize = 32;

/// Spans below the ones that they stand in, with when they were and how long, and what failed.
#[must_use]
pub fn draw(spans: &[SpanData]) -> String {
    let mut text = String::new();
    let mut roots: Vec<_> =
        spans.iter().filter(|span| span.parent_span_id == SpanId::INVALID).collect();
    roots.sort_by_key(|span| span.start_time);
    for root in roots {
        line(&mut text, root, root, 0);
        inside(&mut text, spans, root, root, 1);
    }
    text
}

fn inside(text: &mut String, spans: &[SpanData], root: &SpanData, parent: &SpanData, depth: usize) {
    let within = |span: &&SpanData| {
        span.span_context.trace_id() == parent.span_context.trace_id()
            && span.parent_span_id == parent.span_context.span_id()
    };
    let mut children: Vec<_> = spans.iter().filter(within).collect();
    children.sort_by_key(|span| span.start_time);
    for child in children {
        line(text, root, child, depth);
        inside(text, spans, root, child, depth + 1);
    }
}

fn line(text: &mut String, root: &SpanData, span: &SpanData, depth: usize) {
    let took = between(span, span);
    let name = format!("{:1$}{name}", "", 2 * depth, name = span.name);
    let _ = write!(text, "{name:<24}{} {:>8.1} ms", bar(root, span), took.as_secs_f64() * 1e3);
    let attribute = |key: &str| {
        let found = span.attributes.iter().rev().find(|attribute| attribute.key.as_str() == key);
        found.map(|attribute| attribute.value.to_string())
    };
    if let Some(attempts) = attribute("attempt").filter(|attempts| attempts != "1") {
        let _ = write!(text, "  {attempts} attempts");
    }
    match &span.status {
        Status::Error { description } => {
            let _ = write!(text, "  failed: {description}");
        }
        Status::Ok | Status::Unset => {
            if let Some(outcome) = attribute("outcome").filter(|outcome| outcome != "completed") {
                let _ = write!(text, "  {outcome}");
            }
        }
    }
    text.push('\n');
}

/// From the start of one span to the end of another.
fn between(from: &SpanData, to: &SpanData) -> Duration {
    to.end_time.duration_since(from.start_time).unwrap_or_default()
}

fn bar(root: &SpanData, span: &SpanData) -> String {
    let whole = between(root, root).as_micros().max(1);
    let column = |time: Duration| {
        let column = time.as_micros() * BAR as u128 / whole;
        usize::try_from(column).unwrap_or(BAR).min(BAR)
    };
    let start = column(span.start_time.duration_since(root.start_time).unwrap_or_default());
    let start = start.min(BAR - 1);
    let end = column(between(root, span)).max(start + 1);
    format!("{}{}{}", "·".repeat(start), "█".repeat(end - start), "·".repeat(BAR - end))
}
