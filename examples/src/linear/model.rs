use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::{date::Date, money::Cents};

/// What a visitor fills in.
#[derive(Debug, Clone, Deserialize)]
pub struct SignUp {
    /// The visitor's name.
    pub name: String,
    /// The address as typed.
    pub email: String,
    /// A country code.
    pub country: String,
    /// The name of a plan.
    pub plan: String,
    /// The day of the sign-up.
    pub date: Date,
    /// Yes or no to the newsletter, if the visitor said so.
    pub newsletter: Option<bool>,
    /// A language other than the country's.
    pub language: Option<String>,
}

/// What the company offers, and where.
#[derive(Debug, Clone, Deserialize)]
pub struct Catalog {
    /// The countries served, by code.
    pub countries: BTreeMap<String, Country>,
    /// The plans, by name.
    pub plans: BTreeMap<String, Plan>,
    /// The welcome mails, by language.
    pub welcome: BTreeMap<String, MailTemplate>,
    /// Domains that are known to take no mail.
    pub bouncing_domains: BTreeSet<String>,
}

/// What holds for the customers of a country.
#[derive(Debug, Clone, Deserialize)]
pub struct Country {
    /// The language that mails are written in.
    pub language: String,
    /// The currency of invoices.
    pub currency: String,
    /// The time zone that times are shown in.
    pub time_zone: String,
    /// Whether the newsletter needs no consent of its own.
    pub newsletter_by_default: bool,
}

/// A plan to try.
#[derive(Debug, Clone, Deserialize)]
pub struct Plan {
    /// How long it is free.
    pub trial_days: u16,
    /// What a month costs then, by currency.
    pub monthly: BTreeMap<String, Cents>,
}

/// A mail with `{name}` and `{account}` to be filled in.
#[derive(Debug, Clone, Deserialize)]
pub struct MailTemplate {
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// A new account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its number.
    pub id: u32,
    /// The owner's name.
    pub name: String,
    /// The owner's address, normalized.
    pub email: String,
    /// The owner's country.
    pub country: Country,
    /// The language to write in.
    pub language: String,
}

/// A mail that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The recipient.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// How the service shows itself to the owner.
#[derive(Debug, Clone)]
pub struct Preferences {
    /// The currency of invoices.
    pub currency: String,
    /// The time zone of times.
    pub time_zone: String,
    /// Whether the newsletter is wanted.
    pub newsletter: bool,
}

/// A trial that runs.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The plan's name.
    pub plan: String,
    /// The first day that is not free.
    pub ends: Date,
    /// What a month costs from then on.
    pub monthly: Cents,
}

/// All that came of a sign-up.
#[derive(Debug, Clone)]
pub struct Onboarding {
    /// The new account.
    pub account: Account,
    /// The mail that welcomed its owner.
    pub welcome: Mail,
    /// Its first preferences.
    pub preferences: Preferences,
    /// Its trial.
    pub trial: Trial,
}

/// Why there is no account.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The address can't be one.
    #[error("`{0}` is no mail address")]
    InvalidEmail(String),
    /// The address has an account.
    #[error("`{0}` has an account already")]
    EmailTaken(String),
    /// The country is not served.
    #[error("no service in `{0}` yet")]
    UnknownCountry(String),
}

/// Why a mail did not arrive.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Nobody wrote one in this language.
    #[error("no welcome mail in `{0}`")]
    NoTemplate(String),
    /// The other side refused it.
    #[error("mail to `{0}` bounced")]
    Bounced(String),
}

/// Why no trial started.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrialError {
    /// There is no such plan.
    #[error("no plan is called `{0}`")]
    UnknownPlan(String),
    /// The plan has no price in the owner's currency.
    #[error("plan `{plan}` has no price in {currency}")]
    NoPrice {
        /// The plan's name.
        plan: String,
        /// The currency.
        currency: String,
    },
}

/// Why an onboarding stopped.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OnboardingError {
    /// No account was created.
    #[error("no account: {0}")]
    Account(#[from] AccountError),
    /// The welcome mail did not arrive.
    #[error("not welcomed: {0}")]
    Mail(#[from] MailError),
    /// No trial was started.
    #[error("no trial: {0}")]
    Trial(#[from] TrialError),
}
