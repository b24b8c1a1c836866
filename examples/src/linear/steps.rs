use std::time::Duration;

use tokio::time::sleep;
use workflow_runtime::step;

use super::{
    Account, AccountError, Catalog, Directory, Mail, MailError, MailTemplate, Preferences, SignUp,
    Trial, TrialError,
};

/// Creates the account, unless its address is wrong or taken.
#[step]
pub(super) async fn create_account(
    catalog: &Catalog,
    directory: &Directory,
    sign_up: &SignUp,
) -> Result<Account, AccountError> {
    let email = normalized(&sign_up.email)
        .ok_or_else(|| AccountError::InvalidEmail(sign_up.email.clone()))?;
    let country = catalog
        .countries
        .get(&sign_up.country)
        .ok_or_else(|| AccountError::UnknownCountry(sign_up.country.clone()))?;

    // The insert into the database.
    sleep(Duration::from_millis(20)).await;
    let id = directory.register(&email).ok_or_else(|| AccountError::EmailTaken(email.clone()))?;

    Ok(Account {
        id,
        name: sign_up.name.trim().to_owned(),
        email,
        language: sign_up.language.clone().unwrap_or_else(|| country.language.clone()),
        country: country.clone(),
    })
}

/// Sends the welcome mail in the owner's language.
#[step]
pub(super) async fn send_welcome(catalog: &Catalog, account: &Account) -> Result<Mail, MailError> {
    let MailTemplate { subject, body } = catalog
        .welcome
        .get(&account.language)
        .ok_or_else(|| MailError::NoTemplate(account.language.clone()))?;
    let fill = |text: &str| {
        text.replace("{name}", &account.name).replace("{account}", &account.id.to_string())
    };

    // The mail server's answer.
    sleep(Duration::from_millis(30)).await;
    let bounces = account
        .email
        .rsplit_once('@')
        .is_some_and(|(_, domain)| catalog.bouncing_domains.contains(domain));
    if bounces {
        return Err(MailError::Bounced(account.email.clone()));
    }
    Ok(Mail { to: account.email.clone(), subject: fill(subject), body: fill(body) })
}

/// Saves what the visitor chose, and what the country gives where nothing was chosen.
#[step]
pub(super) async fn save_preferences(account: &Account, sign_up: &SignUp) -> Preferences {
    sleep(Duration::from_millis(10)).await;
    let country = &account.country;
    Preferences {
        currency: country.currency.clone(),
        time_zone: country.time_zone.clone(),
        newsletter: sign_up.newsletter.unwrap_or(country.newsletter_by_default),
    }
}

/// Starts the trial of the plan that was chosen.
#[step]
pub(super) async fn start_trial(
    catalog: &Catalog,
    preferences: &Preferences,
    sign_up: &SignUp,
) -> Result<Trial, TrialError> {
    let plan = catalog
        .plans
        .get(&sign_up.plan)
        .ok_or_else(|| TrialError::UnknownPlan(sign_up.plan.clone()))?;
    let monthly = plan.monthly.get(&preferences.currency).ok_or_else(|| TrialError::NoPrice {
        plan: sign_up.plan.clone(),
        currency: preferences.currency.clone(),
    })?;

    // The billing service takes note.
    sleep(Duration::from_millis(15)).await;
    Ok(Trial {
        plan: sign_up.plan.clone(),
        ends: sign_up.date.plus_days(plan.trial_days),
        monthly: *monthly,
    })
}

/// The address in lower case, if it has the shape of one.
fn normalized(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (user, domain) = email.split_once('@')?;
    let valid = !user.is_empty()
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && !email.contains(char::is_whitespace)
        && !domain.contains('@');
    valid.then_some(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_addresses() {
        assert_eq!(normalized(" Jane@EXAMPLE.com ").as_deref(), Some("jane@example.com"));
        for email in [
            "",
            "jane",
            "@example.com",
            "jane@",
            "jane@com",
            "jane@example..com",
            "ja ne@example.com",
            "a@b@c.d",
        ] {
            assert_eq!(normalized(email), None, "{email}");
        }
    }
}
