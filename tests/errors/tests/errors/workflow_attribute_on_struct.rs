use workflow_runtime::attribute::workflow;

#[workflow]
struct Order {
    id: u32,
}

fn main() {
    let _ = Order { id: 7 }.id;
}
