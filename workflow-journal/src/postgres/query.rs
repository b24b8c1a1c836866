//! A statement with its values.

use std::borrow::Cow;

use tokio_postgres::types::{ToSql, Type};

/// A value of a statement. It is owned, since the caller's future may be gone before it is sent.
pub(super) type Value = (Box<dyn ToSql + Sync + Send>, Type);

pub(super) struct Query {
    pub(super) sql: Cow<'static, str>,
    pub(super) values: Vec<Value>,
    /// The total length of all texts, in bytes.
    pub(super) size: usize,
    has_long_answer: bool,
}

/// A request with at least this many bytes is bulky.
const BULKY: usize = 1024 * 1024;

impl Query {
    pub(super) fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { sql: sql.into(), values: Vec::new(), size: 0, has_long_answer: false }
    }

    /// Marks the answer as possibly long.
    pub(super) fn with_long_answer(mut self) -> Self {
        self.has_long_answer = true;
        self
    }

    /// Whether others would have to wait behind it for a while.
    pub(super) fn is_bulky(&self) -> bool {
        self.has_long_answer || self.size >= BULKY
    }

    /// The next value: a text.
    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.size += text.len();
        self.values.push((Box::new(text), Type::TEXT));
        self
    }

    /// The next value: a text or null.
    pub(super) fn text_if_any(mut self, text: Option<String>) -> Self {
        self.size += text.as_ref().map_or(0, String::len);
        self.values.push((Box::new(text), Type::TEXT));
        self
    }

    /// The next value: several texts.
    pub(super) fn texts(mut self, texts: Vec<String>) -> Self {
        self.size += texts.iter().map(String::len).sum::<usize>();
        self.values.push((Box::new(texts), Type::TEXT_ARRAY));
        self
    }

    /// The next value: a number.
    pub(super) fn number(mut self, number: i64) -> Self {
        self.values.push((Box::new(number), Type::INT8));
        self
    }

    /// The next value: a boolean.
    pub(super) fn flag(mut self, flag: bool) -> Self {
        self.values.push((Box::new(flag), Type::BOOL));
        self
    }
}
