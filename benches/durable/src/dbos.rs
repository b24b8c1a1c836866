//! dbos, on PostgreSQL.

use std::time::{Duration, Instant};

use dbos::{Config, DBOS, Error, WorkflowRef};

use crate::Outcome;
use crate::plan::STEPS;

pub(crate) struct Dbos {
    dbos: DBOS,
    chain: WorkflowRef<u64, u64>,
}

impl Dbos {
    pub(crate) async fn launch(url: String) -> Outcome<Self> {
        let app_version = Some("1".to_owned());
        let dbos = DBOS::new(Config { app_version, ..Config::new("chain", url) });
        let chain = dbos.register_workflow("chain", chain)?;
        dbos.launch().await?;
        Ok(Self { dbos, chain })
    }

    pub(crate) async fn time(&self, at_once: usize, each: usize) -> Outcome<Duration> {
        let start = Instant::now();
        let tasks: Vec<_> = (0..at_once)
            .map(|_| {
                let chain = self.chain.clone();
                tokio::spawn(async move {
                    for _ in 0..each {
                        assert_eq!(chain.run(0).await?, STEPS as u64);
                    }
                    Outcome::Ok(())
                })
            })
            .collect();
        for task in tasks {
            task.await??;
        }
        Ok(start.elapsed())
    }

    pub(crate) async fn shutdown(self) {
        self.dbos.shutdown().await;
    }
}

async fn chain(mut number: u64) -> Result<u64, Error> {
    for _ in 0..STEPS {
        number = dbos::step("add", || async move { Ok::<_, Error>(number + 1) }).await?;
    }
    Ok(number)
}
