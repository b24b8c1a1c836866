//! Less common signatures and bodies, without a warning.
#![deny(warnings)]
#![allow(clippy::many_single_char_names)]

use std::error::Error;
use workflow_runtime::{Recorder, Run, Step, step, workflow};
#[step]
async fn read(path: &str) -> Result<String, std::io::Error> {
    Ok(path.to_owned())
}
#[step]
async fn both(a: &str, b: &str) -> Result<String, std::num::ParseIntError> {
    a.parse::<u32>()?;
    Ok([a, b].concat())
}
#[step]
async fn show(x: impl std::fmt::Display) -> String {
    x.to_string()
}
#[step]
async fn pick<'a>(a: &'a str, _b: &str) -> &'a str {
    a
}
#[step]
async fn dynamic(n: u32) -> Box<dyn Fn(u32) -> u32 + Send> {
    if n == 0 {
        return Box::new(|x| x);
    }
    Box::new(move |x| x + n)
}
#[step]
async fn iter(n: u32) -> impl Iterator<Item = u32> + Send {
    (0..n).map(|x| x * 2)
}
trait Store {
    #[step]
    async fn get(&self, k: u32) -> Result<u32, String>;
}
struct Memory(Vec<u32>);
impl Store for Memory {
    #[step]
    async fn get(&self, k: u32) -> Result<u32, String> {
        self.0.get(k as usize).copied().ok_or_else(|| "none".to_owned())
    }
}
#[step]
async fn consume(v: Vec<u8>) -> usize {
    v.len()
}
#[step]
async fn mutate(v: &mut Vec<u8>, x: u8) {
    v.push(x);
}
type Res<T> = Result<T, Box<dyn Error + Send + Sync>>;
workflow! {
    async fn empty() {}
    async fn value_only(a: u32) -> u32 { let b = a + c; let c = 3; b * 2 }
    async fn boxed(p: &str) -> Res<String> {
        let a = read(p).await?;
        let b = both(&a, "7").await?;
        let n: u64 = b.parse()?;
        let s = show(n).await;
        Ok(s)
    }
    async fn borrowed<'a>(p: &'a str, q: &str) -> &'a str {
        let a = pick(p, q).await;
        let b = pick(a, q).await;
        let c = pick(a, b).await;
        if c.is_empty() { b } else { c }
    }
    async fn imp(n: u32) -> impl Iterator<Item = u32> {
        let f = dynamic(n).await;
        let it = iter(n).await;
        it.map(f)
    }
    async fn generic<S: Store>(s: &S) -> Result<u32, String> {
        let a = s.get(0).await?;
        let b = s.get(1).await?;
        let found = s.get(a + b).await;
        let c = found.unwrap_or(9);
        Ok(a + b + c)
    }
    async fn callback<F, O>(f: F, n: u32) -> u32 where F: Fn(u32) -> O, O: Step<Output = u32> {
        let a = f(n).await;
        let b = f(n + 1).await;
        let double = |x: u32| x * 2;
        let c = double(a) + double(b);
        c
    }
    async fn mutates() -> usize {
        let mut v: Vec<u8> = Vec::new();
        let x = show(1).await;
        mutate(&mut v, 7).await;
        #[after(mutate)]
        let n = consume(v).await;
        n + x.len()
    }
    async fn lazy(order: Vec<u8>, flag: bool) -> usize {
        let s = show(flag).await;
        let n = if s == "true" { consume(order).await } else { let k = show("x").await; k.len() };
        n
    }
    async fn struct_literals(p: &str) -> Res<Both> {
        let a = read(p).await?;
        let b = read(&a).await?;
        let c = both(&a, &b).await?;
        let d = both(&b, &b).await?;
        let e = read(&c).await?;
        #[after(c, d)]
        let Both { a: x, b: y } = Both { a, b };
        Ok(Both { a: x + &c + &e, b: y + &d })
    }
}
struct Both {
    a: String,
    b: String,
}
#[step]
async fn twice(n: u32) -> u32 {
    n * 2
}

#[tokio::test]
async fn they_run() {
    empty().await;
    assert_eq!(value_only(1).await, 8);
    assert_eq!(boxed("12").await.unwrap(), "127");
    assert!(boxed("x").await.unwrap_err().is::<std::num::ParseIntError>());
    assert_eq!(borrowed("12", "").await, "12");
    assert_eq!(imp(3).await.collect::<Vec<_>>(), [3, 5, 7]);
    assert_eq!(generic(&Memory(vec![1, 2])).await, Ok(12));
    assert_eq!(callback(twice, 3).await, 28);
    assert_eq!(mutates().await, 2);
    assert_eq!(lazy(vec![1], true).await, 1);
    let Both { a, b } = struct_literals("1").await.unwrap();
    assert_eq!((&*a, &*b), ("11111", "111"));
    assert_eq!(tokio::spawn(boxed("12")).await.unwrap().unwrap(), "127");
    let recorder = Recorder::new();
    Run::new().observe(recorder.clone()).execute(lazy(vec![], false)).await;
    assert_eq!(recorder.completed_steps(), ["s", "n.k"]);
    assert_eq!(recorder.skipped_steps(), ["n.consume"]);
}
