// Row "`unsafe`, `const`, `extern` on a workflow or step".

use workflow_runtime::step;

#[step]
async unsafe fn read(at: *const u32) -> u32 {
    unsafe { *at }
}

#[step(blocking)]
const fn price(n: u32) -> u32 {
    n
}

#[step]
async extern "C" fn callback(n: u32) -> u32 {
    n
}

struct Shop;

impl Shop {
    #[step]
    pub async unsafe extern "C" fn both(&self) {}
}

async fn caller() {
    let n = 1;
    unsafe { read(&raw const n) }.await;
    price(1).await;
    callback(1).await;
    unsafe { Shop.both() }.await;
}

fn main() {}
