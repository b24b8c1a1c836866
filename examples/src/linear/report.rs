use std::fmt;

use super::Onboarding;

impl fmt::Display for Onboarding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, welcome, preferences, trial } = self;
        writeln!(f, "{} <{}>, account {}", account.name, account.email, account.id)?;
        writeln!(f, "  welcome      {} {}", welcome.subject, welcome.body)?;
        writeln!(
            f,
            "  preferences  {}, {}, newsletter {}",
            preferences.currency,
            preferences.time_zone,
            if preferences.newsletter { "on" } else { "off" },
        )?;
        write!(
            f,
            "  trial        `{}` until {}, then {} {} a month",
            trial.plan, trial.ends, trial.monthly, preferences.currency,
        )
    }
}
