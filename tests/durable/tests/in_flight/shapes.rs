//! The workflows: two steps that run at the same time, `a` with a compensation and `b`, in all
//! forms in which they can stand beside each other.

use std::future::Future;
use std::pin::Pin;

use workflow_durable_tests::{Done, Refused, Rules};
use workflow_runtime::{Journal, workflow};

use crate::process::{Outcome, RUN};
use crate::world::{World, act, quick, undo};

/// A workflow.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// The paths, without the items in them, of what has a compensation.
    pub(crate) undoable: &'static [&'static str],
    /// The paths of calls that have one.
    pub(crate) as_one: &'static [&'static str],
    /// Which of them waits for which.
    pub(crate) needs: &'static [(&'static str, &'static str)],
    pub(crate) run: fn(Journal, World) -> Running,
}

/// A run that goes on.
pub(crate) type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Shape {
    pub(crate) fn rules(&self) -> Rules {
        let mut rules = Rules::default();
        for path in self.undoable {
            rules.add_undoable(path, false);
        }
        for path in self.as_one {
            rules.add_undoable(path, true);
        }
        for (path, needed) in self.needs {
            rules.needs.entry((*path).into()).or_default().insert((*needed).into());
        }
        rules
    }
}

macro_rules! shape {
    ($(#[doc = $doc:literal])* $NAME:ident = $workflow:ident($($input:expr),*),
        undoable $undoable:expr, as_one $as_one:expr, needs $needs:expr) => {
        $(#[doc = $doc])*
        pub(crate) static $NAME: Shape = Shape {
            name: stringify!($workflow),
            undoable: &$undoable,
            as_one: &$as_one,
            needs: &$needs,
            run: |journal, world| {
                Box::pin(async move { journal.run(RUN, $workflow(&world, $($input),*)).await })
            },
        };
    };
}

workflow! {
    #[durable]
    async fn joined(world: &World) -> Result<Done, Refused> {
        #[compensate(undo(world, "a", &a))]
        let a = act(world, "a", &[]).await?;
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        Ok(Done::sum("joined", [&a, &b]))
    }

    #[durable]
    async fn both_undoable(world: &World) -> Result<Done, Refused> {
        #[compensate(undo(world, "a", &a))]
        let a = act(world, "a", &[]).await?;
        #[compensate(undo(world, "b", &b))]
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        Ok(Done::sum("joined", [&a, &b]))
    }

    #[durable]
    async fn in_sequences(world: &World) -> Result<Done, Refused> {
        let quick_1 = quick(world, &[]).await?;
        #[compensate(undo(world, "a", &a))]
        let a = act(world, "a", &[&quick_1]).await?;
        #[compensate(undo(world, "c", &c))]
        let c = act(world, "c", &[&a]).await?;
        let quick_2 = quick(world, &[]).await?;
        let b = act(world, "b", &[&quick_2]).await?;
        let _plain = world.plain(&b)?;
        Ok(Done::sum("in_sequences", [&c, &b]))
    }

    #[durable]
    async fn items(world: &World, names: Vec<String>) -> Result<Done, Refused> {
        let list = for name in names {
            #[compensate(undo(world, &name, &item))]
            let item = act(world, &name, &[]).await?;
            let _plain = if name == "b" { world.plain(&item)? } else { 0 };
            item
        };
        Ok(Done::sum("items", &list))
    }

    #[durable]
    async fn limited_items(world: &World, names: Vec<String>) -> Result<Done, Refused> {
        #[concurrency(2)]
        let list = for name in names {
            #[compensate(undo(world, &name, &item))]
            let item = act(world, &name, &[]).await?;
            let _plain = if name == "b" { world.plain(&item)? } else { 0 };
            item
        };
        Ok(Done::sum("items", &list))
    }

    #[durable]
    async fn items_beside(world: &World, names: Vec<String>) -> Result<Done, Refused> {
        #[concurrency(1)]
        let list = for name in names {
            #[compensate(undo(world, &name, &item))]
            let item = act(world, &name, &[]).await?;
            item
        };
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        let all = Done::sum("items", &list);
        Ok(Done::sum("items_beside", [&all, &b]))
    }

    #[durable]
    async fn in_region(world: &World) -> Result<Done, Refused> {
        #[compensate(undo(world, "a", &a))]
        let a = act(world, "a", &[]).await?;
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        #[compensate(undo(world, "c", &c))]
        let c = act(world, "c", &[&a]).await?;
        #[compensate(undo(world, "quick_d", &quick_d))]
        let quick_d = quick(world, &[&a, &b]).await?;
        Ok(Done::sum("in_region", [&c, &quick_d]))
    }

    #[durable]
    async fn in_arms(world: &World, yes: bool) -> Result<Done, Refused> {
        let left = if yes {
            #[compensate(undo(world, "a", &a))]
            let a = act(world, "a", &[]).await?;
            a
        } else {
            let never = quick(world, &[]).await?;
            never
        };
        let right = match yes {
            true => {
                let b = act(world, "b", &[]).await?;
                let _plain = world.plain(&b)?;
                b
            }
            false => {
                let never = quick(world, &[]).await?;
                never
            }
        };
        Ok(Done::sum("in_arms", [&left, &right]))
    }

    #[durable]
    async fn part(world: &World) -> Result<Done, Refused> {
        #[compensate(undo(world, "a", &a))]
        let a = act(world, "a", &[]).await?;
        Ok(Done::sum("part", [&a]))
    }

    #[durable]
    async fn long_part(world: &World) -> Result<Done, Refused> {
        #[compensate(undo(world, "a", &a))]
        let a = act(world, "a", &[]).await?;
        let c = act(world, "c", &[&a]).await?;
        Ok(Done::sum("long_part", [&a, &c]))
    }

    #[durable]
    async fn bare_part(world: &World) -> Result<Done, Refused> {
        let a = act(world, "a", &[]).await?;
        Ok(Done::sum("bare_part", [&a]))
    }

    #[durable]
    async fn called(world: &World) -> Result<Done, Refused> {
        let part = part(world).await?;
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        Ok(Done::sum("called", [&part, &b]))
    }

    #[durable]
    async fn called_long(world: &World) -> Result<Done, Refused> {
        let part = long_part(world).await?;
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        Ok(Done::sum("called_long", [&part, &b]))
    }

    #[durable]
    async fn called_as_one(world: &World) -> Result<Done, Refused> {
        #[compensate(undo(world, "part", &part))]
        let part = part(world).await?;
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        Ok(Done::sum("called_as_one", [&part, &b]))
    }

    #[durable]
    async fn called_bare(world: &World) -> Result<Done, Refused> {
        #[compensate(undo(world, "part", &part))]
        let part = bare_part(world).await?;
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        Ok(Done::sum("called_bare", [&part, &b]))
    }

    #[durable]
    async fn in_parts(world: &World) -> Result<Done, Refused> {
        let left = part(world).await?;
        let right = other_part(world).await?;
        Ok(Done::sum("in_parts", [&left, &right]))
    }

    #[durable]
    async fn other_part(world: &World) -> Result<Done, Refused> {
        #[compensate(undo(world, "c", &c))]
        let c = act(world, "c", &[]).await?;
        let b = act(world, "b", &[&c]).await?;
        let _plain = world.plain(&b)?;
        Ok(b)
    }
}

mod elsewhere {
    use super::{Done, Refused, World, act, undo};
    use workflow_runtime::workflow;

    workflow! {
        #[durable]
        pub(crate) async fn part(world: &World) -> Result<Done, Refused> {
            #[compensate(undo(world, "a", &a))]
            let a = act(world, "a", &[]).await?;
            Ok(Done::sum("part", [&a]))
        }
    }

    workflow! {
        #[durable]
        pub(crate) async fn bare_part(world: &World) -> Result<Done, Refused> {
            let a = act(world, "a", &[]).await?;
            Ok(Done::sum("bare_part", [&a]))
        }
    }
}

workflow! {
    #[durable]
    async fn called_elsewhere(world: &World) -> Result<Done, Refused> {
        #[compensate]
        let part = elsewhere::part(world).await?;
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        Ok(Done::sum("called_elsewhere", [&part, &b]))
    }

    #[durable]
    async fn called_bare_elsewhere(world: &World) -> Result<Done, Refused> {
        #[compensate(undo(world, "part", &part))]
        let part = elsewhere::bare_part(world).await?;
        let b = act(world, "b", &[]).await?;
        let _plain = world.plain(&b)?;
        Ok(Done::sum("called_bare_elsewhere", [&part, &b]))
    }
}

fn names() -> Vec<String> {
    ["a", "b"].map(str::to_owned).into()
}

shape!(JOINED = joined(), undoable ["a"], as_one [], needs []);
shape!(BOTH_UNDOABLE = both_undoable(), undoable ["a", "b"], as_one [], needs []);
shape!(
    IN_SEQUENCES = in_sequences(),
    undoable ["a", "c"], as_one [], needs [("c", "a")]
);
shape!(ITEMS = items(names()), undoable ["list[].item"], as_one [], needs []);
shape!(LIMITED_ITEMS = limited_items(names()), undoable ["list[].item"], as_one [], needs []);
shape!(
    ITEMS_BESIDE = items_beside(vec!["a".to_owned(), "c".to_owned()]),
    undoable ["list[].item"], as_one [], needs []
);
shape!(
    IN_REGION = in_region(),
    undoable ["a", "c", "quick_d"], as_one [], needs [("c", "a"), ("quick_d", "a")]
);
shape!(IN_ARMS = in_arms(true), undoable ["left.a"], as_one [], needs []);
shape!(CALLED = called(), undoable ["part.a"], as_one [], needs []);
shape!(CALLED_LONG = called_long(), undoable ["part.a"], as_one [], needs []);
shape!(CALLED_AS_ONE = called_as_one(), undoable ["part.a"], as_one ["part"], needs []);
shape!(CALLED_BARE = called_bare(), undoable [], as_one ["part"], needs []);
shape!(
    CALLED_ELSEWHERE = called_elsewhere(),
    undoable ["part.a"], as_one [], needs []
);
shape!(
    CALLED_BARE_ELSEWHERE = called_bare_elsewhere(),
    undoable [], as_one ["part"], needs []
);
shape!(
    IN_PARTS = in_parts(),
    undoable ["left.a", "right.c"], as_one [], needs [("right.b", "right.c")]
);
