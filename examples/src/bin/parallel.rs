//! Reports the sales in a folder of three files.

use workflow_examples::{
    cli::{self, Failure},
    data,
    parallel::sales_report,
};

const USAGE: &str = "\
Reports the sales in a folder of three files.

Usage: parallel [FOLDER]

  FOLDER  has customers.json, orders.csv and products.csv; without it, those that come with the
          example";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [folder] = cli::paths(USAGE)?;
    let folder = folder.unwrap_or_else(|| data::bundled("parallel"));
    let report = sales_report(&folder).await?;
    print!("{report}");
    Ok(())
}
