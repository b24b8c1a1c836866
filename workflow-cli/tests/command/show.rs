//! `workflow show`.

use workflow_journal::{End, JournalStore as _, Kind, SentSignal, Timestamp};

use crate::support::{Orders, command, finish};

/// A run that has come half-way.
async fn half_way(orders: &Orders) -> i64 {
    let epoch = orders.start("cart-1").await;
    orders.write("cart-1", epoch, "stock", Kind::Step, r#"{"left":3}"#).await;
    orders.write("cart-1", epoch, "parcels", Kind::Items, "2").await;
    orders.write("cart-1", epoch, "parcels[1].label", Kind::Step, r#""L2""#).await;
    epoch
}

/// The lines from the one that begins so to the next empty one.
fn part<'a>(text: &'a str, start: &str) -> &'a str {
    let parts = text.trim_end().split("\n\n");
    parts.into_iter().find(|part| part.starts_with(start)).unwrap_or_else(|| panic!("{text}"))
}

#[tokio::test]
async fn marks_how_far_each_step_has_come() {
    let orders = Orders::new().await;
    let epoch = half_way(&orders).await;
    let picture = "\
checkout(cart)
├─ ✓ stock    reserve                      ← cart
├─ ◐ parcels  for each, at most 2 at once  ← stock
│  └─ ◐ label  print_label
├─ · payment  branch                       after stock
│  ├─ cart.is_paid() =>
│  │  └─ ▶ receipt  find_receipt
│  └─ else =>
│     └─ ▶ charge
└─ · order    create_order                 ← parcels, payment";
    let shown = || part(&orders.prints(&["show", "cart-1"]), "checkout(").to_owned();
    assert_eq!(shown(), picture);

    orders.write("cart-1", epoch, "payment.charge", Kind::Step, "995").await;
    let picture = picture
        .replace("· payment", "✓ payment")
        .replace("▶ receipt", "· receipt")
        .replace("▶ charge", "✓ charge");
    assert_eq!(shown(), picture);

    orders.write("cart-1", epoch, "parcels[0].label", Kind::Step, "1").await;
    let picture = picture.replace('◐', "✓").replace("· order", "▶ order");
    assert_eq!(shown(), picture);

    orders.write("cart-1", epoch, "order", Kind::Failure, r#""no money""#).await;
    let picture = picture.replace('▶', "✗");
    assert_eq!(shown(), picture);

    orders.write("cart-1", epoch, "payment.charge", Kind::Compensation, "null").await;
    orders.end("cart-1", epoch, End::Failed("no money".into())).await;
    let picture = picture.replace("✓ charge", "↩ charge").replace("✓ payment", "· payment");
    assert_eq!(shown(), picture);
}

#[tokio::test]
async fn what_a_completed_run_did_not_choose_is_not_marked() {
    let orders = Orders::new().await;
    let epoch = half_way(&orders).await;
    orders.write("cart-1", epoch, "parcels[0].label", Kind::Step, r#""L1""#).await;
    orders.write("cart-1", epoch, "payment.charge", Kind::Step, "995").await;
    orders.write("cart-1", epoch, "order", Kind::Step, "7").await;
    orders.end("cart-1", epoch, End::Completed("7".into())).await;
    let shown = orders.prints(&["show", "cart-1"]);
    let marks: Vec<_> = part(&shown, "checkout(")
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace().filter(|word| !"├─└─│".contains(word));
            let mark = words.next().filter(|word| "✓◐▶✗·".contains(word))?;
            Some(format!("{mark} {}", words.next()?))
        })
        .collect();
    assert_eq!(
        marks,
        ["✓ stock", "✓ parcels", "✓ label", "✓ payment", "· receipt", "✓ charge", "✓ order"]
    );
}

#[tokio::test]
async fn tells_all_of_a_run() {
    let orders = Orders::new().await;
    let epoch = half_way(&orders).await;
    let long = format!("\"{}\"", "x".repeat(200));
    orders.write("cart-1", epoch, "parcels[0].label", Kind::Step, &long).await;
    orders.write("cart-1", epoch, "pause", Kind::Timer, "1700000003600").await;
    let error = format!(r#""no {}here""#, "money ".repeat(12));
    orders.write("cart-1", epoch, "order", Kind::Failure, &error).await;
    orders.write("cart-1", epoch, "stock", Kind::Compensation, "null").await;
    orders.write("cart-1", epoch, "parcels[0].label", Kind::Compensation, r#""torn\nup""#).await;
    let sent = SentSignal::new("approval", "true", Timestamp(1_700_000_000_789));
    orders.store.send("cart-1", sent).await.unwrap();
    orders.end("cart-1", epoch, End::Failed("no money:\nask again".into())).await;
    let shown = orders.prints(&["show", "cart-1"]);

    let head = part(&shown, "run ");
    let stable: Vec<_> = head
        .lines()
        .filter(|line| !line.starts_with("started") && !line.starts_with("changed"))
        .collect();
    assert_eq!(
        stable,
        [
            "run         cart-1",
            "workflow    checkout",
            "state       failed",
            "NOT undone  1 step: parcels[0].label",
            "error       no money:",
            "            ask again",
            "held by     nobody",
            r#"inputs      {"cart":1042}"#,
        ]
    );
    let cut = format!("\"{}…", "x".repeat(59));
    assert_eq!(
        part(&shown, "STEP"),
        format!(
            "\
STEP              STARTED                   TOOK   ATTEMPTS  OUTPUT
stock             2023-11-14T22:13:20.123Z  333ms  2         {{\"left\":3}}
parcels           2023-11-14T22:13:20.123Z                   2 items
parcels[1].label  2023-11-14T22:13:20.123Z  333ms  2         \"L2\"
parcels[0].label  2023-11-14T22:13:20.123Z  333ms  2         {cut}
pause             2023-11-14T22:13:20.123Z                   timer until 2023-11-14T22:13:23.600Z
order             2023-11-14T22:13:20.123Z  333ms  2         failed: no {}here
stock             2023-11-14T22:13:20.123Z  333ms  2         undone
parcels[0].label  2023-11-14T22:13:20.123Z  333ms  2         NOT undone: torn\\nup",
            "money ".repeat(12)
        )
    );
    assert_eq!(
        part(&shown, "SIGNAL"),
        "SIGNAL    SENT                      VALUE\napproval  2023-11-14T22:13:20.789Z  true"
    );
}

#[tokio::test]
async fn json_has_whole_values() {
    let orders = Orders::new().await;
    let epoch = half_way(&orders).await;
    let long = "x".repeat(200);
    orders.write("cart-1", epoch, "payment.charge", Kind::Step, &format!("\"{long}\"")).await;
    let json = orders.prints(&["show", "cart-1", "--json"]);
    let run: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&run["id"], &run["state"]), (&"cart-1".into(), &"unfinished".into()));
    assert_eq!(run["graph"]["nodes"][0]["path"], "stock");
    assert_eq!(run["records"][0]["output"]["left"], 3);
    assert_eq!(run["records"][3]["output"], long);
    assert_eq!(run["signals"], serde_json::json!([]));
}

#[tokio::test]
async fn marks_have_colours_unless_nobody_wants_them() {
    let orders = Orders::new().await;
    half_way(&orders).await;
    let shown = |no_color: &str| {
        let mut show = command(&["show", "cart-1"]);
        show.env("WORKFLOW_JOURNAL", orders.path());
        // As if it were a terminal.
        show.env("CLICOLOR_FORCE", "1").env("NO_COLOR", no_color);
        finish(show, "").out
    };
    let coloured = shown("");
    assert!(coloured.contains("├─ \u{1b}[32m✓\u{1b}[0m stock"), "{coloured:?}");
    assert!(!shown("1").contains('\u{1b}'), "{:?}", shown("1"));
}
