workflow! {
    /// Loads all rows of a file.
    async fn load(path: &Path) -> Result<Summary, LoadError> {
        let rows = extract(path).await?;
        let rates = fetch_rates().await?;
        #[concurrency(8)]
        let loaded = for row in rows {
            let clean = clean(row).await;
            let enriched = enrich(clean, &rates).await?;
            store(enriched).await?
        };
        let summary = summarize(loaded).await;
        Ok(summary)
    }
}
