//! Onboarding: the order of the chain, and where it stops.

use workflow_examples::{
    data,
    linear::{
        AccountError, Catalog, Directory, MailError, OnboardingError, SignUp, TrialError, onboard,
    },
};
use workflow_runtime::{Recorder, Run};

async fn bundled() -> (Catalog, Vec<SignUp>) {
    let catalog = data::read_json(&data::bundled("linear/catalog.json")).await.unwrap();
    let sign_ups = data::read_json(&data::bundled("linear/sign_ups.json")).await.unwrap();
    (catalog, sign_ups)
}

#[tokio::test(start_paused = true)]
async fn onboards_step_by_step() {
    let (catalog, mut sign_ups) = bundled().await;
    let recorder = Recorder::new();

    let onboarding = Run::new()
        .observe(recorder.clone())
        .execute(onboard(&catalog, &Directory::new(), sign_ups.remove(0)))
        .await
        .unwrap();

    assert_eq!(recorder.completed_steps(), ["account", "welcome", "preferences", "trial"]);
    assert_eq!(onboarding.account.email, "jane@example.com");
    assert_eq!(onboarding.welcome.subject, "Welkom, Jane Doe!");
    assert_eq!(onboarding.trial.ends, "2025-04-13".parse().unwrap());
    assert_eq!(
        onboarding.to_string(),
        "Jane Doe <jane@example.com>, account 1001\n  \
           welcome      Welkom, Jane Doe! Je account 1001 staat klaar.\n  \
           preferences  EUR, Europe/Amsterdam, newsletter on\n  \
           trial        `team` until 2025-04-13, then 29.00 EUR a month"
    );
}

#[tokio::test(start_paused = true)]
async fn a_bounced_mail_stops_the_chain() {
    let (catalog, sign_ups) = bundled().await;
    let sign_up = sign_ups.into_iter().find(|sign_up| sign_up.email.ends_with(".invalid")).unwrap();
    let recorder = Recorder::new();

    let error = Run::new()
        .observe(recorder.clone())
        .execute(onboard(&catalog, &Directory::new(), sign_up))
        .await
        .unwrap_err();

    assert_eq!(error, MailError::Bounced("joe@mailbox.invalid".to_owned()).into());
    assert_eq!(recorder.completed_steps(), ["account"]);
    assert_eq!(recorder.failed_steps(), ["welcome"]);
}

#[tokio::test(start_paused = true)]
async fn the_data_holds_every_kind_of_mistake() {
    let (catalog, sign_ups) = bundled().await;
    let directory = Directory::new();
    let mut errors = Vec::new();
    for sign_up in sign_ups {
        errors.extend(onboard(&catalog, &directory, sign_up).await.err());
    }

    let expected: [OnboardingError; 4] = [
        AccountError::InvalidEmail("erika.example.net".to_owned()).into(),
        AccountError::EmailTaken("jane@example.com".to_owned()).into(),
        MailError::Bounced("joe@mailbox.invalid".to_owned()).into(),
        TrialError::UnknownPlan("enterprise".to_owned()).into(),
    ];
    assert_eq!(errors, expected);
}
