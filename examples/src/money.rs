//! Amounts of money, exact to the cent.

use std::{fmt, iter::Sum, ops::Add, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};

/// An amount in cents: floating point can't hold most prices exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Cents(i64);

/// A text that is no amount.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no amount: expected one like `1299` or `12.99`")]
pub struct InvalidAmount(String);

impl Cents {
    /// An amount of so many whole units.
    #[must_use]
    pub const fn whole(units: u32) -> Self {
        // No `From` in a `const fn`; the cast widens.
        Self(units as i64 * 100)
    }

    /// This amount, so many times. With a `u16`, no amount that can be written overflows.
    #[must_use]
    pub fn times(self, quantity: u16) -> Self {
        Self(self.0 * i64::from(quantity))
    }

    /// A share of this amount, rounded half up.
    #[must_use]
    pub fn percent(self, percent: u8) -> Self {
        Self((self.0 * i64::from(percent) + 50).div_euclid(100))
    }

    /// The tax in an amount that includes it, rounded half up.
    #[must_use]
    pub fn included_tax(self, rate_percent: u8) -> Self {
        let rate = i64::from(rate_percent);
        let gross = 100 + rate;
        Self((self.0 * rate + gross / 2).div_euclid(gross))
    }

    /// The mean of some amounts, rounded down; nothing if there are none.
    #[must_use]
    pub fn mean(amounts: &[Self]) -> Option<Self> {
        let count = i64::try_from(amounts.len()).ok()?;
        let total: Self = amounts.iter().copied().sum();
        total.0.checked_div(count).map(Self)
    }

    /// How much of a bar of `width` this amount fills, if `largest` fills all of it.
    #[must_use]
    pub fn scaled(self, largest: Self, width: u16) -> usize {
        let filled = self.times(width).0.checked_div(largest.0).unwrap_or(0);
        usize::try_from(filled).unwrap_or(0)
    }
}

impl Add for Cents {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

impl FromStr for Cents {
    type Err = InvalidAmount;

    fn from_str(text: &str) -> Result<Self, InvalidAmount> {
        parse(text).ok_or_else(|| InvalidAmount(text.to_owned()))
    }
}

/// Prices, not balances: an amount that is written down has no sign.
fn parse(text: &str) -> Option<Cents> {
    let (units, cents) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if cents.len() != 2 || !digits(units) || !digits(cents) {
        return None;
    }
    let units: u32 = units.parse().ok()?;
    let cents: u8 = cents.parse().ok()?;
    Some(Cents(i64::from(units) * 100 + i64::from(cents)))
}

impl TryFrom<String> for Cents {
    type Error = InvalidAmount;

    fn try_from(text: String) -> Result<Self, InvalidAmount> {
        text.parse()
    }
}

/// As it is read: without a comma between thousands.
impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sign = if self.0 < 0 { "-" } else { "" };
        let absolute = self.0.unsigned_abs();
        serializer.collect_str(&format_args!("{sign}{}.{:02}", absolute / 100, absolute % 100))
    }
}

/// With a comma between thousands: `1,234,567.89`.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absolute = self.0.unsigned_abs();
        let units = (absolute / 100).to_string();
        let mut text = String::new();
        for (index, digit) in units.chars().enumerate() {
            if index > 0 && (units.len() - index) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        let text = format!("{text}.{:02}", absolute % 100);
        f.pad_integral(self.0 >= 0, "", &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_amounts() {
        for (text, written) in [
            ("0", "0.00"),
            ("12.99", "12.99"),
            ("999.00", "999.00"),
            ("1234567.89", "1,234,567.89"),
        ] {
            let amount: Cents = text.parse().unwrap();
            assert_eq!(amount.to_string(), written);
        }
        assert_eq!(format!("{:>10}", Cents::whole(1_000)), "  1,000.00");
    }

    #[test]
    fn comes_back_from_json() {
        let amount: Cents = "1234567.05".parse().unwrap();
        let json = serde_json::to_string(&amount).unwrap();
        assert_eq!(json, "\"1234567.05\"");
        assert_eq!(serde_json::from_str::<Cents>(&json).unwrap(), amount);
    }

    #[test]
    fn rejects_what_is_no_amount() {
        for text in ["", ".", "12.9", "12.999", "-1.00", "+1", "1,000.00", "twelve", "1.-5"] {
            assert_eq!(text.parse::<Cents>(), Err(InvalidAmount(text.to_owned())));
        }
    }

    #[test]
    fn rounds_half_up() {
        let amount: Cents = "0.50".parse().unwrap();
        assert_eq!(amount.percent(1), "0.01".parse().unwrap());
        assert_eq!(Cents::whole(121).included_tax(21), Cents::whole(21));
    }

    #[test]
    fn no_amounts_have_no_mean() {
        assert_eq!(Cents::mean(&[]), None);
        assert_eq!(Cents::mean(&[Cents::whole(1), Cents::whole(2)]), "1.50".parse().ok());
    }
}
