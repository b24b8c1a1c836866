use workflow_runtime::step;

struct Transaction<'a>(&'a mut u32, String);

#[step(retry(max_attempts = 3, when = |_: &String| true))]
async fn begin<'a>(name: &str, database: &'a mut u32) -> Result<Transaction<'a>, String> {
    Ok(Transaction(database, name.to_owned()))
}

fn main() {
    let _ = begin("orders", &mut 7);
}
