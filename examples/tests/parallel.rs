//! The sales report: its figures, and that the three files are read side by side.

use workflow_examples::{
    data,
    money::Cents,
    parallel::{ReportError, sales_report},
};
use workflow_runtime::{Recorder, Run};

#[tokio::test]
async fn reports_the_bundled_sales() {
    let report = sales_report(&data::bundled("parallel")).await.unwrap();

    assert_eq!(report.orders, 64);
    let regions: Vec<_> =
        report.regions.iter().map(|(region, revenue)| format!("{region} {revenue}")).collect();
    assert_eq!(regions, ["North 18,122.40", "South 14,132.43", "West 9,528.58", "East 5,190.10"]);
    assert_eq!(report.top_products[0].0, "Standing desk");
    assert_eq!(report.months[0].0, "2025-03");
    assert_eq!(report.revenue().to_string(), "46,973.51");
    // Every ranking splits up the same sum.
    for ranking in [&report.top_products, &report.top_customers, &report.months] {
        assert_eq!(ranking.iter().map(|(_, revenue)| *revenue).sum::<Cents>(), report.revenue());
    }
}

#[tokio::test]
async fn only_reading_is_a_step() {
    let recorder = Recorder::new();
    Run::new()
        .observe(recorder.clone())
        .execute(sales_report(&data::bundled("parallel")))
        .await
        .unwrap();

    // They run side by side, so that any of them may be done first.
    let mut steps = recorder.completed_steps();
    steps.sort();
    assert_eq!(steps, ["customers", "orders", "products"]);
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let error = sales_report(&data::bundled("nowhere")).await.unwrap_err();
    assert!(matches!(error, ReportError::Data(_)));
    assert!(error.to_string().contains("nowhere"), "{error}");
}
