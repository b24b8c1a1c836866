//! How values are shown to people.

use std::time::{Duration, SystemTime};

use anstyle::{AnsiColor, Style};
use workflow_journal::{Run, RunState, Timestamp};

/// Longer values are cut in tables.
const LONGEST: usize = 60;

pub(crate) fn coloured_state(run: &Run) -> String {
    let style = match run.state {
        RunState::Unfinished => AnsiColor::Cyan.on_default(),
        RunState::Completed => AnsiColor::Green.on_default(),
        RunState::Failed | RunState::UndoFailed => AnsiColor::Red.on_default(),
        RunState::Cancelled => AnsiColor::Yellow.on_default(),
    };
    let ending = if run.cancel && !run.state.is_final() { ", to be cancelled" } else { "" };
    coloured(style, &format!("{}{ending}", run.state.name()))
}

pub(crate) fn coloured(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A text that cannot do anything to a terminal or a table.
pub(crate) fn one_line(text: &str) -> String {
    let shown = |char: char| {
        if char.is_control() { char.escape_default().to_string() } else { char.to_string() }
    };
    text.chars().map(shown).collect()
}

pub(crate) fn cut(text: &str) -> String {
    let text = one_line(text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The time since then, in its largest unit: `2h`.
pub(crate) fn age(moment: Timestamp) -> String {
    let seconds = u64::try_from(Timestamp::now().0.saturating_sub(moment.0)).unwrap_or(0) / 1000;
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

pub(crate) fn ago(moment: Timestamp) -> String {
    format!("{} ago", age(moment))
}

/// A moment in UTC, as RFC 3339 has it.
pub(crate) fn utc(moment: Timestamp) -> String {
    // What that cannot show is in no journal but a broken one.
    const LAST: u64 = 253_402_300_799_999;
    let millis = u64::try_from(moment.0).unwrap_or(0).min(LAST);
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
    humantime::format_rfc3339_millis(time).to_string()
}

pub(crate) fn took(start: Timestamp, end: Timestamp) -> String {
    let millis = u64::try_from(end.0.saturating_sub(start.0)).unwrap_or(0);
    humantime::format_duration(Duration::from_millis(millis)).to_string()
}
