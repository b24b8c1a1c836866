//! Every form that the language has, as its reference describes it.

// The bodies show forms of the language, not style.
#![allow(
    clippy::cast_possible_truncation,
    clippy::manual_unwrap_or,
    clippy::manual_unwrap_or_default,
    clippy::redundant_guards
)]

use std::fmt::Display;

use workflow_runtime::{Node, NodeKind, Recorder, Run, Step, step, workflow};

#[derive(Debug, PartialEq)]
enum ShopError {
    Refused(&'static str),
    Parse,
}

impl From<std::num::ParseIntError> for ShopError {
    fn from(_: std::num::ParseIntError) -> Self {
        Self::Parse
    }
}

impl Display for ShopError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Order {
    id: u32,
    items: Vec<String>,
}

fn order() -> Order {
    Order { id: 7, items: vec!["anvil".to_owned(), "rope".to_owned()] }
}

struct Shop {
    discount: u32,
}

impl Shop {
    #[step]
    async fn price(&self, item: &str) -> u32 {
        item.len() as u32 * 100 - self.discount
    }

    /// By value, generic, with a bound in a `where` clause.
    #[step]
    pub(crate) async fn describe<T>(&self, what: T) -> String
    where
        T: Display,
    {
        format!("{what} -{}", self.discount)
    }

    #[step]
    async fn open(discount: u32) -> Self {
        Self { discount }
    }
}

trait Warehouse {
    #[step]
    async fn count(&self, item: &str) -> Result<u32, ShopError>;
}

impl Warehouse for Shop {
    #[step]
    async fn count(&self, item: &str) -> Result<u32, ShopError> {
        if item == "gone" { Err(ShopError::Refused("none left")) } else { Ok(self.discount) }
    }
}

#[step]
async fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

#[step]
async fn add(left: u32, right: u32) -> u32 {
    left + right
}

#[step]
async fn split(order: Order) -> (u32, Vec<String>) {
    (order.id, order.items)
}

#[step]
async fn first<'a>(items: &'a [String]) -> Option<&'a String> {
    items.first()
}

#[step]
async fn refuse(why: &'static str) -> Result<u32, ShopError> {
    Err(ShopError::Refused(why))
}

#[step]
async fn note(_text: String) {}

workflow! {
    /// Methods, patterns, type annotations, steps without a binding.
    async fn methods(shop: &Shop, order: Order) -> Result<String, ShopError> {
        let (id, items) = split(order).await;
        let first: Option<&String> = first(&items).await;
        let name = first.map_or("nothing", |name| name);
        let price: u32 = shop.price(name).await;
        let left = shop.count(name).await?;
        note(format!("{id} {name}")).await;
        note(String::new()).await;
        let text = shop.describe(price + left + id).await;
        Ok(text)
    }

    /// Declarations in any order.
    async fn any_order(text: &str) -> Result<u32, ShopError> {
        let sum = add(number, twice).await;
        let twice = add(number, number).await;
        let number = parse(text).await?;
        Ok(sum)
    }

    /// A failure that stays isolated.
    async fn isolated(text: &str) -> u32 {
        let number = parse(text).await;
        let sure = match number { Ok(number) => number, Err(_) => 0 };
        let sum = add(sure, 1).await;
        sum
    }

    /// Ordinary expressions with `?`, closures and macros.
    async fn values(text: &str) -> Result<String, ShopError> {
        let number: u32 = text.trim().parse()?;
        let twice = add(number, number).await;
        let list: Vec<u32> = (0..number).map(|number| number + twice).collect();
        let line = format!("{number} {twice} {list:?}");
        assert!(!line.is_empty());
        Ok(line)
    }

    /// A step may run after another without needing its value.
    async fn ordered(log: &std::sync::Mutex<Vec<u32>>) -> () {
        let second = log_number(log, 2).await;
        #[after(second)]
        let third = log_number(log, third_number).await;
        let third_number = 3;
        #[after(third, second)]
        log_number(log, 4).await;
    }

    /// A workflow is a step.
    async fn nested(shop: &Shop, text: &str) -> Result<u32, ShopError> {
        let left = any_order(text).await?;
        let right = isolated(text).await;
        let line = methods(shop, order()).await?;
        let sum = add(left, right).await;
        Ok(sum + line.len() as u32)
    }

    /// Generics, `impl Trait`, references, `where`.
    pub(crate) async fn generic<'a, T, const N: usize>(
        shop: &'a Shop,
        what: &'a T,
        more: impl Display + Clone,
        counts: [u32; N],
        (left, right): (u32, u32),
    ) -> Result<Vec<String>, ShopError>
    where
        T: Display + Sync + ?Sized,
    {
        let all = for count in counts { shop.describe(count).await };
        let text = shop.describe(what).await;
        let other = shop.describe(more).await;
        let sum = add(left, right).await;
        Ok(all.into_iter().chain([text, other, sum.to_string()]).collect())
    }

    async fn option(items: &[String]) -> Option<usize> {
        let name = first(items).await?;
        let length = name.len();
        let sum = add(1, length as u32).await;
        let again = add(2, length as u32).await;
        Some((sum + again) as usize)
    }

    async fn unit(shop: &Shop) {
        shop.price("rope").await;
    }

    async fn tail_step(number: u32) -> Result<u32, ShopError> {
        let why = if number > 1 { "many" } else { "few" };
        refuse(why).await
    }
}

#[step]
async fn log_number(log: &std::sync::Mutex<Vec<u32>>, number: u32) -> u32 {
    log.lock().unwrap().push(number);
    number
}

#[tokio::test]
async fn every_form_runs() {
    let shop = Shop::open(10).await;
    assert_eq!(methods(&shop, order()).await, Ok("507 -10".to_owned()));
    assert_eq!(any_order("4").await, Ok(12));
    assert_eq!(any_order("four").await, Err(ShopError::Parse));
    assert_eq!(isolated("4").await, 5);
    assert_eq!(isolated("four").await, 1);
    assert_eq!(values(" 2 ").await.unwrap(), "2 4 [4, 5]");
    assert_eq!(values("two").await, Err(ShopError::Parse));
    let log = std::sync::Mutex::default();
    ordered(&log).await;
    assert_eq!(log.into_inner().unwrap(), [2, 3, 4]);
    assert_eq!(nested(&shop, "4").await, Ok(12 + 5 + 7));
    assert_eq!(
        generic(&shop, "x", 'y', [1, 2], (3, 4)).await.unwrap(),
        ["1 -10", "2 -10", "x -10", "y -10", "7"]
    );
    assert_eq!(option(&["ab".to_owned()]).await, Some(7));
    assert_eq!(option(&[]).await, None);
    unit(&shop).await;
    assert_eq!(tail_step(2).await, Err(ShopError::Refused("many")));
}

workflow! {
    /// Every kind of branch.
    async fn branches(shop: &Shop, order: &Order, limit: Option<u32>) -> Result<String, ShopError> {
        let total = shop.price(&order.items[0]).await;
        let class = if total > 1_000 {
            let left = add(total, 1).await;
            let right = add(total, 2).await;
            left + right
        } else if let Some(limit) = limit && limit > 3 {
            add(limit, 0).await
        } else {
            0
        };
        let word = match class {
            0 => "none".to_owned(),
            small if small < 100 => shop.describe(small).await,
            _ => {
                let sum = add(class, total).await;
                let text = shop.describe(sum).await;
                text
            }
        };
        if total > 1 {
            note(word.clone()).await;
        }
        let block = {
            let inner = add(total, class).await;
            let outer = add(inner, 1).await;
            outer + inner
        };
        match limit {
            Some(limit) if limit == 9 => Err(ShopError::Refused("nine")),
            Some(_) | None => Ok(format!("{word} {block}")),
        }
    }

    /// Fan-outs: of references, nested, with a pattern, with a limit from an input.
    async fn fan_outs(shop: &Shop, orders: &[Order], width: usize) -> Result<Vec<Vec<u32>>, ShopError> {
        #[concurrency(width)]
        let prices = for Order { id, items } in orders {
            let inner = for (at, item) in items.iter().enumerate() {
                let price = shop.price(item).await;
                let count = shop.count(item).await?;
                price + count + at as u32 + id
            };
            inner
        };
        for order in orders {
            note(order.id.to_string()).await;
        }
        Ok(prices)
    }
}

#[tokio::test]
async fn branches_choose() {
    let shop = Shop { discount: 10 };
    let cheap = order();
    assert_eq!(branches(&shop, &cheap, None).await.unwrap(), "none 981");
    assert_eq!(branches(&shop, &cheap, Some(5)).await.unwrap(), "5 -10 991");
    assert_eq!(branches(&shop, &cheap, Some(9)).await, Err(ShopError::Refused("nine")));
    let dear = Order { id: 1, items: vec!["x".repeat(20)] };
    assert_eq!(branches(&shop, &dear, None).await.unwrap(), "5973 -10 11947");
}

#[tokio::test]
async fn fan_outs_keep_the_items_order() {
    let shop = Shop { discount: 10 };
    let orders = [order(), Order { id: 1, items: vec![] }];
    for width in [0, 1, 2, 64] {
        let prices = fan_outs(&shop, &orders, width).await.unwrap();
        assert_eq!(prices, [vec![507, 408], vec![]]);
    }
    let gone = [order(), Order { id: 2, items: vec!["gone".to_owned()] }];
    assert_eq!(fan_outs(&shop, &gone, 1).await, Err(ShopError::Refused("none left")));
}

#[tokio::test]
async fn the_graph_says_what_the_source_says() {
    let graph = branches::GRAPH;
    let paths: Vec<&str> = graph.nodes().iter().map(Node::path).collect();
    assert_eq!(
        paths,
        [
            "total",
            "class",
            "class.left",
            "class.right",
            "class.add",
            "word",
            "word.describe",
            "word.sum",
            "word.text",
            "if",
            "if.note",
            "block",
            "block.inner",
            "block.outer",
        ]
    );
    assert_eq!(graph.node("total").unwrap().function(), Some("shop.price"));
    let NodeKind::Branch { arms } = graph.node("class").unwrap().kind() else { unreachable!() };
    assert_eq!(arms, ["total > 1_000", "let Some(limit) = limit && limit > 3", "else"]);
    assert_eq!(graph.node("class.add").unwrap().parent().unwrap().arm, 1);
    assert!(graph.node("total").unwrap().file().ends_with("language.rs"));
    let lines: Vec<u32> = graph.nodes().iter().map(Node::line).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    assert!(matches!(
        fan_outs::GRAPH.node("prices").unwrap().kind(),
        NodeKind::FanOut { concurrency: Some("width") }
    ));
    assert_eq!(nested::GRAPH.node("left").unwrap().kind(), NodeKind::Workflow);
    let json = serde_json::to_value(any_order::GRAPH).unwrap();
    assert_eq!(json["name"], "any_order");
}

#[tokio::test]
async fn names_without_a_binding_are_numbered() {
    let recorder = Recorder::new();
    let shop = Shop { discount: 1 };
    let run = Run::new().observe(recorder.clone());
    run.execute(methods(&shop, order())).await.unwrap();
    assert!(recorder.completed("note"));
    assert!(recorder.completed("note_2"));
    assert!(recorder.completed("split"));
}

/// Two levels of sub-workflows with borrowed arguments and generics stay `Send`, and
/// need no `'static`.
#[test]
fn futures_are_send() {
    fn is_send<T: Send>(future: T) -> T {
        future
    }
    let shop = Shop { discount: 1 };
    let text = "4".to_owned();
    let name = String::from("x");
    drop(is_send(nested(&shop, &text)));
    drop(is_send(generic(&shop, &name, &text, [1], (1, 2))));
    drop(is_send(branches(&shop, &order(), None)));
    drop(is_send(fan_outs(&shop, &[order()], 1)));
    drop(is_send(Run::new().execute(nested(&shop, &text))));
    let boxed: std::pin::Pin<Box<dyn Step<Output = u32> + Send>> = Box::pin(isolated("1"));
    drop(boxed);
}

#[step]
async fn ends_at(item: u32, failing: u32) -> Result<u32, ShopError> {
    if item == failing {
        return Err(ShopError::Refused("no"));
    }
    std::future::pending().await
}

workflow! {
    async fn one_fails(items: u32, failing: u32) -> Result<Vec<u32>, ShopError> {
        let ended = for item in 0..items { ends_at(item, failing).await? };
        Ok(ended)
    }
}

/// Of any number of items, whether a run observes them or not, and whichever fails.
#[tokio::test]
async fn the_first_item_that_fails_ends_a_fan_out() {
    for (items, failing) in [(1, 0), (30, 0), (30, 29), (31, 0), (31, 30), (100, 50)] {
        let no = Err(ShopError::Refused("no"));
        assert_eq!(one_fails(items, failing).await, no, "{failing} of {items}");
        assert_eq!(Run::new().execute(one_fails(items, failing)).await, no, "{failing} of {items}");
    }
}
