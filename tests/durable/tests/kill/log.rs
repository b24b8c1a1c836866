//! The steps' own log, as processes leave it that may be killed in the middle of a line.

use workflow_durable_tests::Line;

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Logged {
    Whole(Line),
    /// The process was killed while it wrote this. The step has not returned, so nothing of it
    /// is recorded; what it does outside may have happened or not.
    Torn(String),
}

impl Logged {
    /// The key of the step, where the line holds all of it.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Whole(line) => Some(&line.key),
            Self::Torn(text) => Some(text.strip_prefix(r#"{"key":""#)?.split_once('"')?.0),
        }
    }
}

/// The lines of a log.
///
/// # Panics
///
/// If one of them is neither whole nor the beginning of one.
pub(crate) fn lines(log: &str) -> impl Iterator<Item = Logged> {
    // Each line begins with a line break, and so ends one that is torn.
    log.split('\n').filter(|line| !line.is_empty()).map(|line| match serde_json::from_str(line) {
        Ok(line) => Logged::Whole(line),
        Err(error) if error.is_eof() => Logged::Torn(line.to_owned()),
        Err(error) => {
            panic!("this is not a line of the log, nor the beginning of one: {error}: {line}")
        }
    })
}

#[cfg(test)]
mod tests {
    use workflow_durable_tests::{Line, Token};

    use super::{Logged, lines};

    fn line(key: &str) -> (Line, String) {
        let output = Token { value: 12, random: 345, used: vec![6] };
        let line = Line { key: key.to_owned(), undone: false, output };
        let text = format!("\n{}", serde_json::to_string(&line).unwrap());
        (line, text)
    }

    #[test]
    fn a_line_may_be_torn_anywhere() {
        let ((first, text), (next, behind)) = (line("one/stock"), line("one/boxes[3].packed"));
        for end in 0..=text.len() {
            let log = format!("{}{behind}", &text[..end]);
            let read: Vec<_> = lines(&log).collect();
            let (last, before) = read.split_last().unwrap();
            assert_eq!(*last, Logged::Whole(next.clone()));
            match before {
                [] => assert!(end <= 1, "nothing is lost: {log}"),
                [Logged::Whole(whole)] => assert_eq!((whole, end), (&first, text.len())),
                [torn @ Logged::Torn(_)] => {
                    let key = (end > text.find("one/stock\"").unwrap() + 9).then_some("one/stock");
                    assert_eq!(torn.key(), key, "{log}");
                }
                more => panic!("{more:?}"),
            }
        }
    }

    #[test]
    #[should_panic = "this is not a line of the log"]
    fn a_line_behind_a_torn_one_is_not_glued_to_it() {
        let (_, text) = line("one/stock");
        let glued = format!("{}{}", &text[..text.len() / 2], &text[1..]);
        lines(&glued).for_each(drop);
    }
}
