//! Calendar dates, with just the arithmetic the examples need.

use std::{fmt, str::FromStr};

use serde::Deserialize;

/// A date of the Gregorian calendar, written `2025-03-14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Date {
    // In this order, so that the derived comparison is the calendar's.
    year: u16,
    month: u8,
    day: u8,
}

/// A text that is no date.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no date: expected one like `2025-03-14`")]
pub struct InvalidDate(String);

impl Date {
    /// The date so many days later.
    #[must_use]
    pub fn plus_days(mut self, days: u16) -> Self {
        for _ in 0..days {
            self = self.next_day();
        }
        self
    }

    /// The number of days from an earlier date to this one; 0 from a later date.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> u32 {
        self.day_number().saturating_sub(earlier.day_number())
    }

    /// Its month, written `2025-03`.
    #[must_use]
    pub fn month(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    fn next_day(self) -> Self {
        if self.day < days_in_month(self.year, self.month) {
            Self { day: self.day + 1, ..self }
        } else if self.month < 12 {
            Self { month: self.month + 1, day: 1, ..self }
        } else {
            Self { year: self.year + 1, month: 1, day: 1 }
        }
    }

    /// The days since the start of year 0.
    fn day_number(self) -> u32 {
        let year = u32::from(self.year);
        // Of the years before this one, 0 included, every fourth is a leap year, and so on.
        let leap_years = year.div_ceil(4) - year.div_ceil(100) + year.div_ceil(400);
        let months: u32 =
            (1..self.month).map(|month| u32::from(days_in_month(self.year, month))).sum();
        year * 365 + leap_years + months + u32::from(self.day) - 1
    }
}

const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        parse(text).ok_or_else(|| InvalidDate(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let lengths_fit = year.len() == 4 && month.len() == 2 && day.len() == 2;
    if !lengths_fit || parts.next().is_some() || text.contains('+') {
        return None;
    }
    let date =
        Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    let exists = (1..=12).contains(&date.month)
        && (1..=days_in_month(date.year, date.month)).contains(&date.day);
    exists.then_some(date)
}

impl TryFrom<String> for Date {
    type Error = InvalidDate;

    fn try_from(text: String) -> Result<Self, InvalidDate> {
        text.parse()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn counts_across_months_and_leap_days() {
        assert_eq!(date("2024-02-28").plus_days(2), date("2024-03-01"));
        assert_eq!(date("2025-02-28").plus_days(2), date("2025-03-02"));
        assert_eq!(date("2024-12-31").plus_days(1), date("2025-01-01"));
        assert_eq!(date("2025-03-01").days_since(date("2024-02-01")), 394);
        assert_eq!(date("2001-01-01").days_since(date("2000-01-01")), 366);
        assert_eq!(date("2024-01-01").days_since(date("2025-01-01")), 0);
    }

    #[test]
    fn reads_only_dates_that_exist() {
        assert_eq!(date("2024-02-29").to_string(), "2024-02-29");
        for text in [
            "",
            "2025-02-29",
            "2025-13-01",
            "2025-00-10",
            "2025-1-1",
            "14.03.2025",
            "2025-01-01-01",
            "+202-01-01",
        ] {
            assert_eq!(text.parse::<Date>(), Err(InvalidDate(text.to_owned())));
        }
    }
}
