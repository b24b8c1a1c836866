use workflow_runtime::step;

use super::{
    Address, Line, Order, OrderError, Payment, PaymentError, Pick, Receipt, Stock, ValidOrder,
    services,
};

/// Checks what can be checked without asking anyone.
#[step]
pub(super) async fn validate_order(order: Order) -> Result<ValidOrder, OrderError> {
    if order.lines.is_empty() {
        return Err(OrderError::Empty);
    }
    if let Some(line) = order.lines.iter().find(|line| line.quantity == 0) {
        return Err(OrderError::NoQuantity(line.sku.clone()));
    }
    let goods = order.lines.iter().map(Line::amount).sum();
    Ok(ValidOrder { order, goods })
}

/// Checks the card.
#[step]
pub(super) async fn check_payment(valid: &ValidOrder) -> Result<Payment, PaymentError> {
    let card = &valid.order.card;
    let digits: String =
        card.number.chars().filter(|character| !character.is_whitespace()).collect();
    if !is_card_number(&digits) {
        return Err(PaymentError::InvalidNumber);
    }
    let (first, last) = (digits.chars().next().unwrap_or_default(), &digits[digits.len() - 4..]);
    let issuer = services::issuer(first).await.ok_or(PaymentError::UnknownIssuer(first))?;
    let shown = format!("{} ending {last}", issuer.name);
    if card.expires < valid.order.date {
        return Err(PaymentError::Expired { card: shown, expired: card.expires });
    }
    Ok(Payment { card: shown, limit: issuer.limit })
}

/// Checks that parcels reach the address.
#[step]
pub(super) async fn verify_address(valid: &ValidOrder) -> Result<Address, OrderError> {
    let address = &valid.order.address;
    let country = services::country(&address.country)
        .await
        .ok_or_else(|| OrderError::UnknownCountry(address.country.clone()))?;
    let code = address.postal_code.trim().to_uppercase();
    if !has_form(&code, &country.postal_code) {
        return Err(OrderError::InvalidPostalCode { code, expected: &country.postal_code });
    }
    Ok(Address {
        label: format!("{}, {code} {}, {}", address.street, address.city, address.country),
        shipping: country.shipping,
        tax_percent: country.tax_percent,
    })
}

/// Finds every line's goods in the warehouses.
#[step]
pub(super) async fn check_inventory(valid: &ValidOrder) -> Result<Stock, OrderError> {
    let warehouses = services::warehouses().await;
    let pick = |line: &Line| {
        let mut missing = line.quantity;
        let mut picks = Vec::new();
        for warehouse in warehouses {
            let quantity = warehouse.stock.get(&line.sku).copied().unwrap_or(0).min(missing);
            if quantity > 0 {
                missing -= quantity;
                picks.push(Pick { warehouse: &warehouse.name, quantity });
            }
        }
        if missing > 0 {
            return Err(OrderError::OutOfStock {
                sku: line.sku.clone(),
                wanted: line.quantity,
                available: line.quantity - missing,
            });
        }
        Ok(picks)
    };
    let picks = valid.order.lines.iter().map(pick).collect::<Result<_, _>>()?;
    Ok(Stock { picks })
}

/// Charges the card. Only here are both the goods' price and the shipping known.
#[step]
pub(super) async fn finalize_order(
    valid: ValidOrder,
    payment: Payment,
    address: Address,
    stock: Stock,
) -> Result<Receipt, OrderError> {
    let total = valid.goods + address.shipping;
    if total > payment.limit {
        return Err(PaymentError::OverLimit { total, limit: payment.limit }.into());
    }
    Ok(Receipt {
        order: valid.order,
        card: payment.card,
        label: address.label,
        picks: stock.picks,
        shipping: address.shipping,
        tax: total.included_tax(address.tax_percent),
        total,
    })
}

/// The check that card numbers are made for: from the right, every second digit
/// counts twice, and the digits add up to a multiple of ten.
fn is_card_number(digits: &str) -> bool {
    let mut sum = 0;
    for (index, character) in digits.chars().rev().enumerate() {
        let Some(digit) = character.to_digit(10) else {
            return false;
        };
        sum += match index % 2 {
            0 => digit,
            _ if digit < 5 => digit * 2,
            _ => digit * 2 - 9,
        };
    }
    (12..=19).contains(&digits.len()) && sum % 10 == 0
}

/// Whether a text has a form in which `9` is a digit and `A` a letter.
fn has_form(text: &str, form: &str) -> bool {
    text.chars().count() == form.chars().count()
        && text.chars().zip(form.chars()).all(|(character, form)| match form {
            '9' => character.is_ascii_digit(),
            'A' => character.is_ascii_uppercase(),
            other => character == other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_card_numbers() {
        for number in ["4242424242424242", "5555555555554444", "378282246310005"] {
            assert!(is_card_number(number), "{number}");
        }
        for number in ["", "0", "4242424242424241", "4242424242424a42", "٠٠٠٠٠٠٠٠٠٠٠٠"]
        {
            assert!(!is_card_number(number), "{number}");
        }
    }

    #[test]
    fn knows_the_form_of_a_postal_code() {
        assert!(has_form("3511 AB", "9999 AA"));
        for code in ["", "3511AB", "3511 A", "3511 ABC", "351A AB", "3511 ab"] {
            assert!(!has_form(code, "9999 AA"), "{code}");
        }
    }
}
