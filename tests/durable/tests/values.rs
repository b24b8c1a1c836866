//! The first run sees what a resumed one will, and what cannot be recorded is said at once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};

use serde::{Deserialize, Serialize};
use workflow_durable_tests::random;
use workflow_runtime::{DurableError, Journal, JournalError, StepError, step, workflow};

/// What runs find outside, and what they leave there.
#[derive(Default)]
struct World {
    effects: AtomicU32,
    /// What the body has got, as text.
    seen: Mutex<Vec<String>>,
    goes_on: AtomicBool,
}

impl World {
    fn effect(&self) {
        self.effects.fetch_add(1, Ordering::Relaxed);
    }

    fn effects(&self) -> u32 {
        self.effects.load(Ordering::Relaxed)
    }

    fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

/// Notes what it was given, and fails until it is told to go on.
#[step]
async fn look(world: &World, text: &str) -> Result<(), StepError> {
    world.seen.lock().unwrap().push(text.to_owned());
    if world.goes_on.load(Ordering::Relaxed) {
        Ok(())
    } else {
        Err(StepError::permanent("not yet"))
    }
}

/// A value of another type each: what the body sees of it at first, and after that.
macro_rules! seen {
    ($name:ident, $Type:ty, $make:expr) => {{
        mod $name {
            use super::*;

            #[step]
            async fn make(world: &World) -> Result<$Type, StepError> {
                world.effect();
                Ok($make)
            }

            workflow! {
                #[durable]
                pub(super) async fn flow(world: &World) -> Result<$Type, StepError> {
                    let value = make(world).await?;
                    look(world, &format!("{value:?}")).await?;
                    Ok(value)
                }
            }
        }
        let (world, journal) = (World::default(), Journal::memory());
        let first = journal.run("one", $name::flow(&world)).await.map(|value| format!("{value:?}"));
        let first = (first.map_err(|error| error.to_string()), world.seen(), world.effects());
        let again = $name::flow::resume(&journal, "one", &world).await;
        let again = again.map(|value| format!("{value:?}")).map_err(|error| error.to_string());
        let again = (again, world.seen(), world.effects());
        world.goes_on.store(true, Ordering::Relaxed);
        let end = $name::flow::resume(&journal, "one", &world).await;
        let end = end.map(|value| format!("{value:?}")).map_err(|error| error.to_string());
        let recorded = journal.run("one", $name::flow(&world)).await;
        let recorded =
            recorded.map(|value| format!("{value:?}")).map_err(|error| error.to_string());
        (first, again, end, recorded, world.effects())
    }};
}

/// It is recorded, and the same to all.
macro_rules! same {
    ($name:ident, $Type:ty, $make:expr) => {{
        let (first, again, end, recorded, effects) = seen!($name, $Type, $make);
        assert_eq!(first.0, Err("not yet".to_owned()));
        assert_eq!(first, again);
        assert_eq!(first.1.len(), 1);
        assert_eq!(end.as_ref(), Ok(&first.1[0]));
        assert_eq!(end, recorded);
        assert_eq!(effects, 1);
        first.1.into_iter().next().unwrap()
    }};
}

/// It cannot be recorded, which is said each time.
macro_rules! refused {
    ($name:ident, $Type:ty, $make:expr, $effects:expr) => {{
        let (first, again, end, recorded, effects) = seen!($name, $Type, $make);
        let error = first.0.clone().unwrap_err();
        assert!(error.starts_with("`value` of run `one` cannot be recorded: "), "{error}");
        assert_eq!(first, again);
        assert_eq!(first.1, Vec::<String>::new(), "nothing sees it");
        assert_eq!(end, Err(error.clone()));
        assert_eq!(recorded, Err(error.clone()));
        assert_eq!(effects, $effects, "its effect");
        error
    }};
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Skips {
    id: u32,
    #[serde(skip)]
    cache: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Large { amount: u128 },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Inner {
    amount: u128,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Flattened {
    #[serde(flatten)]
    inner: Inner,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct FlatMap {
    #[serde(flatten)]
    counts: BTreeMap<u32, u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Deep(Option<Box<Deep>>, Vec<u8>);

fn deep(depth: u32) -> Deep {
    (0..depth).fold(Deep(None, Vec::new()), |inner, _| Deep(Some(Box::new(inner)), Vec::new()))
}

fn warm() -> Skips {
    Skips { id: 7, cache: "warm".to_owned() }
}

fn cells() -> HashMap<(u8, u8), u32> {
    HashMap::from([((1, 2), 3)])
}

/// A path that is not UTF-8.
fn no_text() -> PathBuf {
    PathBuf::from(OsString::from_vec(vec![b'a', 0xff]))
}

/// The same ones for a whole test.
static FLOATS: LazyLock<Vec<f64>> = LazyLock::new(floats);

/// Finite numbers of all sizes.
fn floats() -> Vec<f64> {
    let bits = std::iter::successors(Some(random()), |last| {
        Some(last.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    });
    bits.map(f64::from_bits).filter(|number| number.is_finite()).take(1000).collect()
}

#[tokio::test]
async fn numbers_are_exact() {
    let seen = same!(numbers, Vec<f64>, FLOATS.clone());
    assert_eq!(seen, format!("{:?}", *FLOATS));
    same!(small, f32, 0.1);
    same!(zero, f64, -0.0);
    let seen = same!(large, (u128, i128), (u128::MAX, i128::MIN));
    assert_eq!(seen, format!("({}, {})", u128::MAX, i128::MIN));
}

#[tokio::test]
async fn what_json_cannot_tell_apart_is_the_same_for_all() {
    assert_eq!(same!(some_none, Option<Option<u32>>, Some(None)), "None");
    assert_eq!(same!(some_unit, Option<()>, Some(())), "None");
    assert_eq!(same!(skipped, Skips, warm()), "Skips { id: 7, cache: \"\" }");
    assert_eq!(same!(some_nan, Option<f64>, Some(f64::NAN)), "None");
}

#[tokio::test]
async fn what_cannot_be_read_is_one_error_after_one_effect() {
    refused!(nan, f64, f64::NAN, 1);
    refused!(infinite, Vec<f64>, vec![f64::INFINITY], 1);
    refused!(tagged, Tagged, Tagged::Large { amount: u128::MAX }, 1);
    refused!(flattened, Flattened, Flattened { inner: Inner { amount: u128::MAX } }, 1);
    refused!(flat_map, FlatMap, FlatMap { counts: [(1, 2)].into() }, 1);
    refused!(depth, Deep, deep(131), 1);
}

#[tokio::test]
async fn what_cannot_be_written_is_told_by_its_type_where_that_is_enough() {
    refused!(tuple_keys, HashMap<(u8, u8), u32>, cells(), 0);
    refused!(deep_keys, Option<Vec<HashMap<(u8, u8), u32>>>, Some(vec![cells()]), 0);
    refused!(option_keys, BTreeMap<Option<(u8, u8)>, u32>, BTreeMap::from([(Some((1, 2)), 3)]), 0);
    let error = refused!(bad_path, PathBuf, no_text(), 1);
    assert!(error.contains("UTF-8"), "{error}");
    same!(good_path, PathBuf, PathBuf::from("a/b"));
}

/// A step whose error the body looks at is recorded as a whole.
#[step]
async fn measure(world: &World) -> Result<f64, String> {
    world.effect();
    Ok(f64::NAN)
}

workflow! {
    #[durable]
    async fn looks(world: &World) -> Result<bool, StepError> {
        let measured = measure(world).await;
        Ok(measured.is_ok())
    }

    #[durable]
    async fn records(world: &World) -> Result<bool, StepError> {
        #[record]
        let number = not_a_number(world);
        Ok(number.is_nan())
    }

    #[durable]
    async fn items(world: &World) -> Result<usize, StepError> {
        let all = for item in [1.0, 2.0] {
            let number = quotient(world, item).await?;
            number
        };
        Ok(all.len())
    }

    #[durable]
    async fn outer(world: &World) -> Result<bool, StepError> {
        let number = inner(world).await?;
        look(world, &number.to_string()).await?;
        Ok(number.is_some())
    }

    #[durable]
    async fn inner(world: &World) -> Result<Maybe, StepError> {
        let once = quotient(world, 3.0).await?;
        Ok(Maybe(Some(once)))
    }

    #[durable]
    async fn returns_nan(world: &World) -> Result<f64, StepError> {
        let once = quotient(world, 3.0).await?;
        Ok(once * f64::NAN)
    }

    #[durable]
    async fn returns_skips(world: &World) -> Result<Skips, StepError> {
        let once = quotient(world, 7.0).await?;
        let cache = format!("warm {once}");
        Ok(Skips { id: 7, cache })
    }
}

fn not_a_number(world: &World) -> f64 {
    world.effect();
    f64::NAN
}

/// Not a number for 2.
#[step]
async fn quotient(world: &World, number: f64) -> Result<f64, StepError> {
    world.effect();
    let is_two = number.total_cmp(&2.0).is_eq();
    Ok(if is_two { f64::NAN } else { number })
}

/// Its value is not recorded.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Maybe(#[serde(skip)] Option<f64>);

impl Maybe {
    fn is_some(&self) -> bool {
        self.0.is_some()
    }
}

impl std::fmt::Display for Maybe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

macro_rules! value_error {
    ($result:expr, $what:expr) => {{
        let error = $result.unwrap_err();
        let DurableError::Journal(JournalError::Value { what, .. }) = &error else {
            panic!("{error}");
        };
        assert_eq!(what, $what);
    }};
}

#[tokio::test]
async fn so_it_is_for_whole_results_recorded_values_and_items() {
    let (world, journal) = (World::default(), Journal::memory());
    for _ in 0..3 {
        value_error!(journal.run("one", looks(&world)).await, "measured");
    }
    assert_eq!(world.effects(), 1);

    let world = World::default();
    for _ in 0..3 {
        value_error!(journal.run("two", records(&world)).await, "number");
    }
    assert_eq!(world.effects(), 1);

    let world = World::default();
    for _ in 0..3 {
        value_error!(journal.run("three", items(&world)).await, "all[1].number");
    }
    assert!(world.effects() <= 3, "{} effects of two items", world.effects());
}

#[tokio::test]
async fn what_a_called_workflow_gives_is_the_same_for_all() {
    let (world, journal) = (World::default(), Journal::memory());
    journal.run("one", outer(&world)).await.unwrap_err();
    outer::resume(&journal, "one", &world).await.unwrap_err();
    // Its steps are what is recorded, and it makes its value of them again.
    assert_eq!(world.seen(), ["Some(3.0)", "Some(3.0)"]);
    assert_eq!(world.effects(), 1);
}

#[tokio::test]
async fn the_result_is_read_back() {
    let (world, journal) = (World::default(), Journal::memory());
    for _ in 0..2 {
        let skips = journal.run("one", returns_skips(&world)).await.unwrap();
        assert_eq!((skips.id, &*skips.cache), (7, ""));
    }
    for _ in 0..2 {
        value_error!(journal.run("two", returns_nan(&world)).await, "result");
    }
    assert_eq!(world.effects(), 2);
}

workflow! {
    #[durable]
    async fn of_large(world: &World, amount: u128) -> Result<u128, StepError> {
        look(world, &amount.to_string()).await?;
        Ok(amount)
    }

    #[durable]
    async fn of_set(world: &World, set: HashSet<u32>, by_name: HashMap<String, HashSet<u32>>) -> Result<usize, StepError> {
        look(world, &set.len().to_string()).await?;
        Ok(set.len() + by_name.len())
    }

    #[durable]
    async fn of_skips(world: &World, skips: Skips) -> Result<String, StepError> {
        look(world, &format!("{skips:?}")).await?;
        Ok(skips.cache)
    }

    #[durable]
    async fn of_float(world: &World, number: f64) -> Result<f64, StepError> {
        look(world, "it").await?;
        Ok(number)
    }

    #[durable]
    async fn of_cells(world: &World, cells: HashMap<(u8, u8), u32>) -> Result<usize, StepError> {
        look(world, "it").await?;
        Ok(cells.len())
    }
}

#[tokio::test]
async fn inputs_are_told_apart_by_their_digits() {
    let (world, journal) = (World::default(), Journal::memory());
    journal.run("one", of_large(&world, u128::MAX)).await.unwrap_err();
    let error = journal.run("one", of_large(&world, u128::MAX - 1)).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::InputChanged { .. })), "{error}");
    world.goes_on.store(true, Ordering::Relaxed);
    assert_eq!(journal.run("one", of_large(&world, u128::MAX)).await.unwrap(), u128::MAX);
}

#[tokio::test]
async fn a_set_is_the_same_in_any_order() {
    let (world, journal) = (World::default(), Journal::memory());
    let set = || (0..20).collect::<HashSet<u32>>();
    let by_name = || ["a", "b", "c"].map(|name| (name.to_owned(), set())).into_iter().collect();
    journal.run("one", of_set(&world, set(), by_name())).await.unwrap_err();
    for _ in 0..20 {
        let error = journal.run("one", of_set(&world, set(), by_name())).await.unwrap_err();
        assert!(matches!(error, DurableError::Workflow(_)), "{error}");
    }
    let other = (1..21).collect();
    let error = journal.run("one", of_set(&world, other, by_name())).await.unwrap_err();
    assert_eq!(error.to_string(), "run `one` was started with another `set`");
    world.goes_on.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        assert_eq!(journal.run("one", of_set(&world, set(), by_name())).await.unwrap(), 23);
    }
}

#[tokio::test]
async fn inputs_are_read_back() {
    let (world, journal) = (World::default(), Journal::memory());
    journal.run("one", of_skips(&world, warm())).await.unwrap_err();
    of_skips::resume(&journal, "one", &world).await.unwrap_err();
    journal.run("one", of_skips(&world, warm())).await.unwrap_err();
    assert_eq!(world.seen(), ["Skips { id: 7, cache: \"\" }"; 3]);

    value_error!(journal.run("two", of_float(&world, f64::NAN)).await, "number");
    value_error!(journal.run("three", of_cells(&world, cells())).await, "cells");
    assert_eq!(world.seen(), [""; 0]);
    assert_eq!(journal.unfinished("of_float").await.unwrap().len(), 0, "no run is left of it");
}
