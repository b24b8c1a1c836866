//! A chain: every step needs the one before it.

mod directory;
mod model;
mod report;
mod steps;

use workflow_runtime::workflow;

use self::steps::{create_account, save_preferences, send_welcome, start_trial};
pub use self::{
    directory::Directory,
    model::{
        Account, AccountError, Catalog, Country, Mail, MailError, MailTemplate, Onboarding,
        OnboardingError, Plan, Preferences, SignUp, Trial, TrialError,
    },
};

workflow! {
    /// Takes a visitor who signs up to a running trial.
    ///
    /// # Errors
    ///
    /// That of the first step that fails; the steps after it don't run.
    pub async fn onboard(
        catalog: &Catalog,
        directory: &Directory,
        sign_up: SignUp,
    ) -> Result<Onboarding, OnboardingError> {
        let account = create_account(catalog, directory, &sign_up).await?;
        let welcome = send_welcome(catalog, &account).await?;

        // Needs nothing of the mail, but must not run for an address that bounces.
        #[after(welcome)]
        let preferences = save_preferences(&account, &sign_up).await;

        let trial = start_trial(catalog, &preferences, &sign_up).await?;
        Ok(Onboarding { account, welcome, preferences, trial })
    }
}
