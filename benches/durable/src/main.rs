//! Durable runs against their store's own limit and other crates, as tables in Markdown:
//! `[--quick] [FOLDER]`.

mod bare;
mod chain;
mod dbos;
mod duroxide;
mod ours;
mod plan;
mod resume;
mod rows;
mod server;
mod size;
mod speed;
mod table;

use std::error::Error;

use crate::plan::Plan;
use crate::server::Server;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let plan = Plan::from_arguments()?;
    let folder = tempfile::tempdir_in(&plan.folder)?;

    println!("\n## Steps per second, SQLite\n");
    speed::sqlite(&plan, folder.path()).await?;

    println!("\n## Steps per second, PostgreSQL\n");
    match Server::start(folder.path()).await? {
        Some(server) => Box::pin(speed::postgres(&plan, &server)).await?,
        None => println!("PostgreSQL is not installed, so dbos was not measured."),
    }

    println!("\n## Going on after a restart\n");
    resume::measure(&plan, folder.path()).await?;

    println!("\n## Growth of the journal\n");
    size::measure(folder.path()).await
}
