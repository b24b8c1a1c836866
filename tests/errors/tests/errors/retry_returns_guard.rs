use workflow_runtime::step;

struct Transaction<'a>(&'a mut u32);

#[step(retry(max_attempts = 3, when = |_: &String| true))]
async fn begin(database: &mut u32) -> Result<Transaction<'_>, String> {
    Ok(Transaction(database))
}

fn main() {
    let _ = begin(&mut 7);
}
