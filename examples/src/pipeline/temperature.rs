use std::{fmt, str::FromStr};

use serde::Deserialize;

/// A temperature in tenths of a degree Celsius, as exact as the stations measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Temperature(i32);

/// A text that is no temperature.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no temperature: expected one like `18.4C` or `65.1F`")]
pub struct InvalidTemperature(String);

impl Temperature {
    /// The dew point by the rule of thumb: one degree less for every 5 % below saturation.
    #[must_use]
    pub fn dew_point(self, humidity_percent: u8) -> Self {
        Self(self.0 - 2 * (100 - i32::from(humidity_percent)))
    }

    /// The mean of some temperatures, rounded; nothing if there are none.
    #[must_use]
    pub fn mean(temperatures: &[Self]) -> Option<Self> {
        let count = i32::try_from(temperatures.len()).ok()?;
        let sum: i32 = temperatures.iter().map(|temperature| temperature.0).sum();
        (count > 0).then(|| Self(rounded_quotient(sum, count)))
    }
}

/// Rounded to the nearest, half up.
fn rounded_quotient(dividend: i32, divisor: i32) -> i32 {
    (dividend + divisor / 2).div_euclid(divisor)
}

impl FromStr for Temperature {
    type Err = InvalidTemperature;

    fn from_str(text: &str) -> Result<Self, InvalidTemperature> {
        parse(text).ok_or_else(|| InvalidTemperature(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Temperature> {
    let (number, fahrenheit) = match text.strip_suffix(['F', 'f']) {
        Some(number) => (number, true),
        None => (text.strip_suffix(['C', 'c'])?, false),
    };
    let number = number.trim_end();
    let (negative, digits) =
        number.strip_prefix('-').map_or((false, number), |digits| (true, digits));
    let (degrees, tenths) = digits.split_once('.').unwrap_or((digits, "0"));
    if tenths.len() != 1 || digits.contains(['+', '-']) {
        return None;
    }
    // Narrow, so that nothing below overflows.
    let absolute =
        i32::from(degrees.parse::<u16>().ok()?) * 10 + i32::from(tenths.parse::<u8>().ok()?);
    let tenths = if negative { -absolute } else { absolute };
    Some(Temperature(if fahrenheit { rounded_quotient((tenths - 320) * 5, 9) } else { tenths }))
}

impl TryFrom<String> for Temperature {
    type Error = InvalidTemperature;

    fn try_from(text: String) -> Result<Self, InvalidTemperature> {
        text.parse()
    }
}

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absolute = self.0.unsigned_abs();
        f.pad_integral(self.0 >= 0, "", &format!("{}.{}", absolute / 10, absolute % 10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temperature(text: &str) -> Temperature {
        text.parse().unwrap()
    }

    #[test]
    fn reads_both_units() {
        for (text, celsius) in [
            ("18.4C", "18.4"),
            ("25 c", "25.0"),
            ("-0.5C", "-0.5"),
            ("32F", "0.0"),
            ("-40.0f", "-40.0"),
            ("65.1F", "18.4"),
        ] {
            assert_eq!(temperature(text).to_string(), celsius);
        }
        for text in ["", "C", "18.4", "1.23C", "--1C", "+1C", "1.C", "warm"] {
            assert_eq!(
                text.parse::<Temperature>(),
                Err(InvalidTemperature(text.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn computes_in_tenths() {
        assert_eq!(temperature("20.0C").dew_point(60), temperature("12.0C"));
        assert_eq!(
            Temperature::mean(&[temperature("1.0C"), temperature("1.1C")]),
            Some(temperature("1.1C"))
        );
        assert_eq!(Temperature::mean(&[]), None);
    }
}
