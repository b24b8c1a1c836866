// Checks a workflow's page of rustdoc: its picture has to be there in the light and in the dark
// theme, without a script and without a network.
//
// node rustdoc.mjs PAGE [FOLDER FOR SCREENSHOTS]

import { resolve, join } from "node:path";
import { pathToFileURL } from "node:url";
import { openPage, start } from "./browser.mjs";
import { measure } from "./geometry.mjs";

// How well two colours can be told apart, from 1 to 21, as the WCAG defines it.
function contrast(one, other) {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/gu).slice(0, 3).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const [a, b] = [light(one), light(other)];
  return Math.max(a, b) / Math.min(a, b);
}

const [file, folder] = process.argv.slice(2);
const browser = await start();
const backs = [];
try {
  for (const theme of ["light", "dark"]) {
    const { context, page, refused } = await openPage(browser, theme);
    await page.goto(pathToFileURL(resolve(file)).href);
    const svg = page.locator("svg.workflow-graph");
    if ((await svg.count()) !== 1) throw new Error(`${await svg.count()} pictures`);
    if (!(await svg.isVisible())) throw new Error(`the picture cannot be seen (${theme})`);
    const problems = await svg.evaluate(measure);
    const colours = await svg.evaluate((it) => ({
      ink: getComputedStyle(it.querySelector("text")).fill,
      back: getComputedStyle(it.querySelector(".back")).fill,
      page: getComputedStyle(document.body).backgroundColor,
    }));
    if (colours.back !== colours.page) problems.push(`${colours.back} on ${colours.page}`);
    if (contrast(colours.ink, colours.back) < 7) problems.push(`${colours.ink} on ${colours.back}`);
    if (refused.length > 0) problems.push(`asks for ${refused}`);
    if (problems.length > 0) throw new Error(`${theme}: ${problems.join("; ")}`);
    backs.push(colours.back);
    if (folder) await page.screenshot({ path: join(folder, `rustdoc-${theme}.png`), fullPage: true });
    await context.close();
  }
} finally {
  await browser.close();
}
if (backs[0] === backs[1]) throw new Error(`both themes are ${backs[0]}`);
console.log(`${file}: the picture is there in both themes`);
