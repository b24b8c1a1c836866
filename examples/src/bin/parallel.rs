//! Reports the sales in a folder of three files: `parallel [FOLDER]`.

use workflow_examples::{
    cli::{self, Failure},
    data,
    parallel::sales_report,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let folder = cli::path_argument(1).unwrap_or_else(|| data::bundled("parallel"));
    let report = sales_report(&folder).await?;
    print!("{report}");
    Ok(())
}
