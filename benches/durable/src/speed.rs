//! Steps per second. The versions take turns, since a disk is not always equally fast.

use std::path::Path;
use std::sync::Arc;

use workflow_journal::{PostgresStore, SqliteStore};
use workflow_runtime::Journal;

use crate::Outcome;
use crate::bare::{self, Group};
use crate::dbos::Dbos;
use crate::duroxide::{self, Options};
use crate::ours;
use crate::plan::{Plan, STEPS};
use crate::rows::Rows;
use crate::server::Server;
use crate::table::{self, Timed};

pub(crate) async fn sqlite(plan: &Plan, folder: &Path) -> Outcome<()> {
    duroxide::build()?;
    let rows = Arc::new(Rows::of_one_run(folder).await?);
    table::head("the limit");
    let mut aims = Vec::new();
    for (at_once, each) in plan.loads {
        let versions = sqlite_at(plan, folder, &rows, (at_once, each)).await?;
        table::lines(at_once, &versions);
        let seconds: Vec<_> = versions.iter().map(Timed::seconds_a_step).collect();
        if at_once == 1 {
            // A run has a commit more at its start and at its end.
            let steps = table::count(STEPS) / table::count(bare::commits(&rows));
            let (handed, alone) = (seconds[1] / seconds[0], seconds[1] / (seconds[4] * steps));
            aims.push(format!(
                "A run of its own costs {handed:.2} of the same commits, handed to another thread; the \
                 aim is 1.3. A step of it costs {alone:.2} of one commit by the thread itself."
            ));
        } else {
            let share = seconds[0] / seconds[1];
            aims.push(format!(
                "{at_once} runs reach {share:.2} of the limit; the aim is 0.7 at 64."
            ));
        }
    }
    println!("\n{}", aims.join("\n"));
    Ok(())
}

async fn sqlite_at(
    plan: &Plan,
    folder: &Path,
    rows: &Arc<Rows>,
    (at_once, each): (usize, usize),
) -> Outcome<Vec<Timed>> {
    let file = |name: &str| folder.join(format!("{name}-{at_once}.db"));
    let journal = Journal::open(file("journal")).await?;
    let unsynced = SqliteStore::options().full_sync(false).open(file("unsynced")).await?;
    let unsynced = Journal::new(unsynced);
    let group = Group::start(bare::open(&file("group"))?, Arc::clone(rows), at_once);
    let alone = bare::open(&file("alone"))?;

    let mut versions = [
        "bare loop, group commit",
        "journal",
        "journal, `full_sync(false)`",
        "duroxide, tuned",
        "bare loop, one thread",
    ]
    .map(Timed::new);
    let mut default = Timed::new("duroxide");
    let runs = at_once * each;
    // The first round warms up.
    for round in 0..=plan.rounds {
        let times = [
            group.time(round, at_once, each).await?,
            ours::time(&journal, &round.to_string(), at_once, each).await?,
            ours::time(&unsynced, &round.to_string(), at_once, each).await?,
        ];
        // Much slower: a few of its runs take as long as all others together.
        let few = each.min(2);
        let peer = |name: &str, options| {
            duroxide::time(&file(&format!("{name}-{round}")), at_once, few, options)
        };
        let alone = bare::time_alone(&alone, rows, round, each)?;
        if round == 0 {
            continue;
        }
        for (version, time) in versions.iter_mut().zip(times) {
            version.add(time, runs);
        }
        versions[4].add(alone, each);
        if round <= plan.rounds.min(3) {
            if let Some(time) = peer("tuned", Options::Tuned)? {
                versions[3].add(time, at_once * few);
            }
            if let Some(time) = peer("default", Options::Default)? {
                default.add(time, at_once * few);
            }
        }
    }
    group.end()?;
    Ok(versions.into_iter().chain([default]).collect())
}

pub(crate) async fn postgres(plan: &Plan, server: &Server) -> Outcome<()> {
    table::head("dbos");
    let journal = Journal::new(PostgresStore::connect(&server.url()).await?);
    let dbos = Dbos::launch(server.url()).await?;
    for (at_once, each) in plan.loads {
        let mut versions = ["dbos", "journal, PostgreSQL"].map(Timed::new);
        for round in 0..=plan.rounds {
            let other = dbos.time(at_once, each).await?;
            let name = format!("{at_once}-{round}");
            let ours = ours::time(&journal, &name, at_once, each).await?;
            if round > 0 {
                versions[0].add(other, at_once * each);
                versions[1].add(ours, at_once * each);
            }
        }
        table::lines(at_once, &versions);
    }
    dbos.shutdown().await;
    Ok(())
}
