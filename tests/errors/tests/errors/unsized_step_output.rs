use workflow_runtime::step;

#[step]
async fn names(count: usize) -> Result<[String], String> {
    Ok(vec![String::new(); count])
}

fn main() {
    let _ = names(7);
}
