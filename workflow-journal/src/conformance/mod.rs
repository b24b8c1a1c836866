//! The tests that every store has to pass.
//!
//! A store of your own needs one test:
//!
//! ```no_run
//! use workflow_journal::{MemoryStore, conformance};
//!
//! #[tokio::test]
//! async fn my_store_passes_the_tests_of_all_stores() {
//!     conformance::check(async || MemoryStore::new()).await;
//! }
//! ```

mod claims;
mod clock;
mod deletes;
mod drops;
mod ends;
mod epochs;
mod lists;
mod odd;
mod records;
mod signals;
mod support;

use std::sync::Arc;

use crate::JournalStore;

/// Checks a store in all cases. `make` returns a new, empty store for each of them.
///
/// It needs a tokio runtime, with the drivers that the store needs. One case writes 100 MiB. No
/// case waits for a lease to run out, so it is enough that the store's clock advances.
///
/// # Panics
///
/// When a case fails. The other cases are checked nevertheless, and the message lists those that
/// failed, each with the reason.
pub async fn check<S: JournalStore>(make: impl AsyncFn() -> S) {
    let mut report = Report::default();
    macro_rules! check_each {
        ($($group:ident: $($case:ident)*;)*) => {
            $($(
                let name = concat!(stringify!($group), "::", stringify!($case));
                report.add(name, $group::$case(Arc::new(make().await))).await;
            )*)*
        };
    }
    check_each! {
        claims:
            a_new_run_is_held
            its_holder_may_claim_again
            others_are_kept_out
            a_dead_holder_is_replaced
            a_released_run_is_free
            renewing_prolongs_the_lease
            a_lease_may_last_for_ever
            inputs_stay_as_they_were
            one_of_many_claimers_holds_the_run
            a_created_run_is_free
            one_of_many_creates_the_run;
        clock:
            leases_are_judged_by_the_clock_that_is_told
            the_clock_goes_on;
        epochs:
            an_old_holder_can_do_nothing
            nothing_is_written_after_a_release
            nothing_is_written_after_the_end
            a_lease_that_nobody_took_still_writes
            an_unknown_run_is_refused
            epochs_only_grow;
        records:
            all_of_a_record_is_kept
            records_come_in_the_order_of_writing
            the_same_path_and_kind_is_replaced
            many_are_erased_at_once
            runs_do_not_share_records
            outputs_may_have_any_size
            many_runs_write_at_once
            one_run_writes_many_at_once
            all_kinds_come_in_one_order
            those_who_only_look_find_the_same
            sizes_are_those_of_the_texts;
        ends:
            a_completed_run_takes_no_more
            a_cancelled_run_takes_no_more
            a_failed_run_goes_on
            cancelling_is_told_to_the_holder
            a_failed_run_can_be_cancelled
            a_failed_run_is_unfinished_again
            a_run_that_could_not_be_undone_goes_on
            a_run_that_could_not_be_undone_is_unfinished_again
            a_run_that_could_not_be_undone_can_be_cancelled
            only_a_failed_run_is_retried
            any_run_that_nobody_holds_is_reopened;
        deletes:
            an_ended_run_is_deleted_whole
            an_unfinished_run_is_not_deleted
            many_are_deleted_at_once
            a_deleted_run_can_be_started_anew
            vacuuming_changes_nothing;
        signals:
            signals_may_come_before_the_run
            signals_queue_up
            an_ended_run_takes_no_signals;
        lists:
            an_empty_store_has_no_runs
            runs_come_by_their_last_change
            runs_are_filtered
            pages_make_up_the_list
            pages_are_filtered
            a_run_that_changes_hides_no_other
            a_run_that_is_deleted_hides_no_other
            waiting_does_not_make_a_run_young;
        odd:
            ids_may_be_anything
            a_nul_is_kept_or_refused
            any_error_text_can_end_a_run;
        drops:
            a_dropped_claim_is_whole
            a_dropped_write_is_whole
            a_dropped_erase_is_whole
            a_dropped_finish_is_whole
            a_dropped_send_is_whole;
    }
    report.finish();
}

#[derive(Default)]
struct Report {
    cases: usize,
    failures: Vec<String>,
}

impl Report {
    async fn add(&mut self, name: &str, case: impl Future<Output = ()> + Send + 'static) {
        self.cases += 1;
        // In a task, since a task's end reports a panic.
        let Err(error) = tokio::spawn(case).await else { return };
        let reason = match error.try_into_panic() {
            Ok(panic) => match panic.downcast::<String>() {
                Ok(text) => *text,
                Err(panic) => panic.downcast_ref::<&str>().copied().unwrap_or("it panicked").into(),
            },
            Err(error) => error.to_string(),
        };
        self.failures.push(format!("{name}: {reason:.2000}"));
    }

    fn finish(self) {
        let Self { cases, failures } = self;
        let failed = failures.len();
        assert!(failed == 0, "{failed} of {cases} cases failed:\n\n{}", failures.join("\n\n"));
    }
}
