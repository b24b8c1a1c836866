//! Onboards everyone in a JSON file.

use workflow_examples::{
    cli::{self, Failure},
    data,
    linear::{Catalog, Directory, SignUp, onboard},
};

const USAGE: &str = "\
Onboards everyone in a JSON file.

Usage: linear [SIGN_UPS]

  SIGN_UPS  the JSON file; without it, one that comes with the example";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [path] = cli::paths(USAGE)?;
    let path = path.unwrap_or_else(|| data::bundled("linear/sign_ups.json"));
    let sign_ups: Vec<SignUp> = data::read_json(&path).await?;
    let catalog: Catalog = data::read_json(&data::bundled("linear/catalog.json")).await?;
    let directory = Directory::new();

    for sign_up in sign_ups {
        let visitor = format!("{} <{}>", sign_up.name, sign_up.email.trim());
        match onboard(&catalog, &directory, sign_up).await {
            Ok(onboarding) => println!("{onboarding}\n"),
            Err(error) => println!("{visitor}\n  {error}\n"),
        }
    }
    Ok(())
}
