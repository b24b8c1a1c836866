workflow! {
    /// Takes a new user on board.
    pub async fn onboard(request: SignUp) -> Result<Welcome, OnboardError> {
        let account = create_account(request).await?;
        send_welcome_mail(&account).await?;
        #[after(send_welcome_mail)]
        let preferences = set_preferences(&account).await?;
        let trial = start_trial(&account, preferences).await?;
        Ok(Welcome { account, trial })
    }
}
