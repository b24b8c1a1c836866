// Checks the pages of reports that `render_reports` and `checkout --report` wrote, in Chromium.
//
// node check_report.mjs DIRECTORY [SCREENSHOTS]

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { start } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const directory = process.argv[2];
const screenshots = process.argv[3];

function check(holds, text) {
  if (!holds) throw new Error(text);
}

const browser = await start();

// Opens a page, and notes what it should not do.
async function open(file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("dialog", (dialog) => faults.push(`dialog ${dialog.message()}`));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(resolve(file)).href) faults.push(request.url());
  });
  await page.goto(pathToFileURL(resolve(file)).href);
  return { page, faults, close: () => context.close() };
}

async function shoot(page, name, fullPage = false) {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage });
}

const visible = (page) => page.locator(".row:not([hidden])").count();
const focused = (page) =>
  page.evaluate(() => [...document.querySelectorAll(".row")].indexOf(document.activeElement.closest(".row")));

async function checkAccess(file, name, colorScheme) {
  const { page, faults, close } = await open(file, { colorScheme });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  const text = found.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 300)} ${nodes[0].failureSummary}`);
  check(found.length === 0, `${colorScheme}: ${text.join("\n")}`);
  await shoot(page, `${name}-${colorScheme}`);
  await shoot(page, `${name}-${colorScheme}-whole`, true);
  check(faults.length === 0, faults.join("\n"));
  await close();
}

async function checkPhone(file, name) {
  const { page, close } = await open(file, { viewport: { width: 360, height: 740 } });
  const widths = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  check(widths[0] <= widths[1], `the page is ${widths[0]} px wide on ${widths[1]} px`);
  // All that is shut may be too wide, too.
  await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = true)));
  const opened = await page.evaluate(() => document.documentElement.scrollWidth);
  check(opened <= widths[1], `with all details open it is ${opened} px wide`);
  await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = false)));
  await shoot(page, `${name}-phone`);
  await page.locator("#timeline").scrollIntoViewIfNeeded();
  await page.evaluate(() => document.querySelector("#timeline").scrollIntoView());
  await shoot(page, `${name}-phone-timeline`);
  await close();
}

async function checkSearch(page) {
  const rows = await visible(page);
  const last = page.locator(".row .path").last();
  const path = await last.textContent();
  await page.keyboard.press("/");
  check(await page.evaluate(() => document.activeElement.id === "search"), "`/` focuses the search");
  await page.keyboard.type(path.toUpperCase());
  const found = await visible(page);
  check(found >= 1 && (rows === 1 || found < rows), `${found} of ${rows} rows are found by \`${path}\``);
  check(await last.isVisible(), `the row of \`${path}\` is found`);
  check((await page.locator("#found").textContent()) === `${found} of ${rows} rows`, "says how many");
  await page.keyboard.press("Escape");
  check((await visible(page)) === rows, "Escape clears the search");

  const word = await page.locator(".row .state").first().getAttribute("class");
  const state = word.split(" ").find((name) => ["completed", "failed", "cancelled", "skipped", "running"].includes(name));
  await page.fill("#search", state);
  const count = await visible(page);
  const expected = await page.locator(`.row:has(.state.${state})`).count();
  check(count >= expected && count > 0, `${count} rows are ${state}, not ${expected}`);
  await page.fill("#search", "no such step anywhere");
  check((await visible(page)) === 0, "nothing is found by nonsense");
  await page.keyboard.press("Escape");
}

async function checkKeys(page) {
  await page.focus("#search");
  await page.keyboard.press("ArrowDown");
  const count = await page.locator(".row").count();
  check((await focused(page)) === 0, "the arrow leads from the search to the first row");
  if (count > 1) {
    await page.keyboard.press("ArrowDown");
    check((await focused(page)) === 1, "the arrow leads to the next row");
    await page.keyboard.press("ArrowUp");
    check((await focused(page)) === 0, "the arrow leads back");
  }
  await page.keyboard.press("Enter");
  check(await page.locator(".row details[open]").count(), "Enter opens the details");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  check(outline !== "none", "the focus can be seen");
  await page.keyboard.press("Enter");
}

async function checkLinks(page) {
  const linked = page.locator(".row[data-node]").last();
  if ((await linked.count()) === 0) return;
  await linked.locator("summary").focus();
  check((await page.locator(".graph .node.chosen").count()) > 0, "the row's node is marked");
  const node = page.locator('.graph[data-graph="0"] .node[role=button]').first();
  await node.focus();
  await page.keyboard.press("Enter");
  const [graph, row] = await page.evaluate(() => {
    const node = document.querySelector('.graph[data-graph="0"] .node[role=button]');
    return [node.dataset.node, document.activeElement.closest(".row")?.dataset.node];
  });
  check(graph === row, `the node ${graph} leads to its row, not to that of ${row}`);
}

// Each step's node has the class of what came of the step, and says it in a word.
async function checkColours(page) {
  const wrong = await page.evaluate(() => {
    const states = ["completed", "failed", "cancelled", "skipped", "running", "undone", "not-started"];
    const wrong = [];
    for (const node of document.querySelectorAll(".graph .node.step, .graph .node.workflow")) {
      const graph = node.closest(".graph").dataset.graph;
      const rows = document.querySelectorAll(`.row[data-graph="${graph}"][data-node="${node.dataset.node}"]`);
      const mine = states.filter((state) => node.classList.contains(state));
      const title = node.querySelector("title").textContent;
      const told = [...rows].flatMap((row) => [...row.querySelectorAll("summary .state")]).map((it) => it.textContent);
      const fits = (state) => {
        if (state === "not-started") return rows.length === 0;
        if (state === "undone") return told.some((text) => text.includes("undone")) && title.includes("undone");
        if (state === "failed" && title.includes("NOT undone")) return told.some((text) => text.includes("NOT"));
        return told.some((text) => text.includes(state)) && title.includes(state);
      };
      if (mine.length !== 1 || !fits(mine[0])) wrong.push(`${title} is ${mine}, told ${told}`);
    }
    return wrong;
  });
  check(wrong.length === 0, wrong.join("\n"));
}

async function checkWithoutScript(file, name) {
  const { page, faults, close } = await open(file, { javaScriptEnabled: false });
  check(!(await page.locator("#search").isVisible().catch(() => false)), "no search without script");
  const first = page.locator(".row summary").first();
  if (await first.count()) {
    await first.click();
    check(await page.locator(".row .more").first().isVisible(), "details open without script");
  }
  check(faults.length === 0, faults.join("\n"));
  await close();
}

async function checkPage(file) {
  const name = basename(file, ".html");
  for (const colorScheme of ["light", "dark"]) await checkAccess(file, name, colorScheme);
  await checkPhone(file, name);
  await checkWithoutScript(file, name);
  const { page, faults, close } = await open(file);
  if ((await page.locator(".row").count()) > 0) {
    await checkColours(page);
    await checkSearch(page);
    await checkKeys(page);
    await checkLinks(page);
    await shoot(page, `${name}-linked`);
    const summary = page.locator(".row summary").first();
    await summary.hover();
    check(await summary.locator(".times").isVisible(), "hovering tells the times");
  }
  if (name === "attack") {
    check((await page.title()).startsWith("attacked failed"), "the attack has changed the title");
    check((await page.locator("img").count()) === 0, "the attack has made an image");
    check((await page.locator("script").count()) === 1, "the attack has made a script");
    check((await page.locator(".problem pre").first().textContent()).includes("</script><img") ||
      (await page.locator(".problem pre").first().textContent()).includes("</script><script>"),
      "the attack is shown as it is");
  }
  await page.emulateMedia({ media: "print" });
  if (screenshots) await page.pdf({ path: join(screenshots, `${name}.pdf`), format: "A4" });
  check(faults.length === 0, faults.join("\n"));
  await close();
}

const files = readdirSync(directory).filter((file) => file.endsWith(".html"));
let failed = files.length === 0;
for (const file of files) {
  try {
    await checkPage(join(directory, file));
    console.log(`${file}: passed`);
  } catch (error) {
    failed = true;
    console.error(`${file}: ${error.message}`);
  }
}
await browser.close();
process.exit(failed ? 1 : 0);
