//! Paths of steps.

use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    /// Where paths are put together, so that each is allocated only once, in the right size.
    static BUFFER: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A buffer that has grown beyond this is not kept.
const KEPT: usize = 4096;

fn built(write: impl FnOnce(&mut String)) -> Arc<str> {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        write(buffer);
        let path = Arc::from(buffer.as_str());
        if buffer.capacity() > KEPT {
            *buffer = String::new();
        }
        path
    })
}

/// The path of what has the path `inner` in the workflow or item `outer`. Everything is in the
/// outermost workflow, whose path is empty.
pub(crate) fn within(outer: &str, inner: &str) -> Arc<str> {
    if outer.is_empty() {
        return Arc::from(inner);
    }
    built(|path| {
        path.push_str(outer);
        path.push('.');
        path.push_str(inner);
    })
}

/// The path of an item of the fan-out with this path.
pub(crate) fn item(fan_out: &str, position: usize) -> Arc<str> {
    built(|path| {
        path.push_str(fan_out);
        path.push('[');
        push_number(path, position);
        path.push(']');
    })
}

/// Without `write!`, which takes about ten times as long: there is one for each item.
fn push_number(text: &mut String, mut number: usize) {
    let mut digits = [0; usize::MAX.ilog10() as usize + 1];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b"0123456789"[number % 10];
        number /= 10;
        if number == 0 {
            break;
        }
    }
    text.push_str(std::str::from_utf8(&digits[first..]).expect("digits are ASCII"));
}

#[cfg(test)]
mod tests {
    use super::{item, within};

    #[test]
    fn items_are_numbered() {
        for position in [0, 7, 10, 99, 100, 1_234_567_890, usize::MAX] {
            assert_eq!(&*item("site.pages", position), format!("site.pages[{position}]"));
        }
        assert_eq!(&*within(&item("pages", 12), "fetch"), "pages[12].fetch");
        assert_eq!(&*within("", "fetch"), "fetch");
        let long = "a".repeat(100_000);
        assert_eq!(&*within(&long, "b"), format!("{long}.b"));
        assert_eq!(&*within("c", "d"), "c.d");
    }
}
