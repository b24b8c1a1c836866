use workflow_runtime::step;

#[derive(Clone, Debug)]
pub struct Order {
    pub item: String,
    pub count: u32,
    pub size: Size,
}

#[derive(Clone, Copy, Debug)]
pub enum Size {
    Small,
    Large,
}

#[derive(Clone, Debug)]
pub struct Valid {
    pub order: Order,
    pub total: u64,
}

#[derive(Debug)]
pub struct Payment {
    pub amount: u64,
}

#[derive(Debug)]
pub struct Stock {
    pub shelf: u32,
}

#[derive(Debug)]
pub struct Receipt {
    pub amount: u64,
    pub shelf: u32,
}

#[derive(Debug)]
pub struct OrderError;

impl Valid {
    pub fn price(&self) -> u64 {
        self.total
    }
}

/// Checks an order.
#[step]
pub async fn validate_order(order: Order) -> Result<Valid, OrderError> {
    Ok(Valid { order, total: 1 })
}

#[step(retry(max_attempts = 3, backoff = constant("1s"), when = is_temporary), timeout = "10s")]
pub async fn check_payment(valid: &Valid) -> Result<Payment, OrderError> {
    Ok(Payment { amount: valid.total })
}

fn is_temporary(_: &OrderError) -> bool {
    true
}

#[step]
pub async fn check_stock(_valid: &Valid, shelf: u32) -> Result<Stock, OrderError> {
    Ok(Stock { shelf })
}

#[step(blocking)]
pub fn pack(item: u32) -> u64 {
    u64::from(item)
}

#[step]
pub async fn finish(payment: &Payment, stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt { amount: payment.amount, shelf: stock.shelf })
}

#[step]
pub async fn refund(_payment: &Payment) -> Result<(), OrderError> {
    Ok(())
}
