// Checks the graphs that `render_graphs` wrote: each must parse, with Mermaid's own parser, with
// Graphviz or as XML, and then hold every text of the graph as it is. Chromium draws the SVG,
// and what it draws must lie as a picture of the graph has to.
//
// node check.mjs DIRECTORY

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { JSDOM } from "jsdom";
import { openPage, start } from "./browser.mjs";
import { measure, nesting } from "./geometry.mjs";

// Mermaid cleans labels with the browser's document, so there must be one.
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
// Nothing happens to it, and Mermaid would add a listener for every parsed text.
window.EventTarget.prototype.addEventListener = () => {};
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ maxEdges: 10_000, maxTextSize: 1_000_000 });

// The text of a label of Mermaid's, which is HTML with marks for its entities.
function htmlText(label) {
  const entities = label.replaceAll("ﬂ°°", "&#").replaceAll("ﬂ°", "&").replaceAll("¶ß", ";");
  const element = document.createElement("div");
  element.innerHTML = entities;
  return element.textContent;
}

// Texts by id, of all nodes and frames of a file. Throws if it does not parse.
async function mermaidTexts(file) {
  const source = readFileSync(file, "utf8");
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(source);
  const frames = db.getSubGraphs().map(({ id, title }) => [id, title]);
  const nodes = [...db.getVertices().values()].map(({ id, text }) => [id, text]);
  return new Map([...nodes, ...frames].map(([id, text]) => [id, htmlText(text)]));
}

function dotTexts(file) {
  const { status, stdout, stderr, error } = spawnSync("dot", ["-Tsvg", file], {
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  if (error || status !== 0 || stderr !== "") {
    throw error ?? new Error(`dot exited with ${status}: ${stderr}`);
  }
  // Throws unless it is well-formed XML.
  const svg = new JSDOM(stdout, { contentType: "image/svg+xml" }).window.document;
  const groups = [...svg.querySelectorAll("g.node, g.cluster")];
  return new Map(
    groups.map((group) => {
      const id = group.querySelector("title").textContent.replace("cluster_", "");
      const texts = [...group.querySelectorAll("text")].map((text) => text.textContent);
      return [id, texts.join("\n")];
    }),
  );
}

// The tooltips of a picture, which hold all of the text.
function svgTexts(source) {
  // Throws unless it is well-formed XML.
  const svg = new JSDOM(source, { contentType: "image/svg+xml" }).window.document;
  const groups = [...svg.querySelectorAll("[data-input], [data-node], [data-branch]")];
  return new Map(
    groups.map((group) => {
      const { input, node, branch, arm } = group.dataset;
      const id = input ? `i${input}` : node ? `n${node}` : `n${branch}a${arm}`;
      return [id, group.querySelector("title").textContent];
    }),
  );
}

// Draws a picture, and looks at what came of it.
async function drawn(source, graph) {
  if (/\n\s*\n/u.test(source)) {
    throw new Error("an empty line");
  }
  await page.setContent(`<body style="margin:0">${source}`);
  if ((await page.locator("[id], [href], script, use, image").count()) > 0) {
    throw new Error("an id, a script or a reference");
  }
  const svg = await page.$("svg");
  const problems = [...(await svg.evaluate(measure)), ...(await svg.evaluate(nesting, graph))];
  if (problems.length > 0) {
    throw new Error(problems.join("\n"));
  }
}

// What each id's text must begin with.
function* expected(graph) {
  for (const [index, input] of graph.inputs.entries()) {
    yield [`i${index}`, input];
  }
  for (const [index, node] of graph.nodes.entries()) {
    yield [`n${index}`, node.path.split(".").at(-1)];
    for (const [arm, text] of (node.arms ?? []).entries()) {
      yield [`n${index}a${arm}`, text];
    }
  }
}

// What a reader would not see is shown by its number, as `workflow_graph::visible` has it.
const HIDDEN =
  /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}-\u{180f}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{3164}\u{fe00}-\u{fe0f}\u{ffa0}\u{fff0}-\u{fffb}\u{fffe}\u{ffff}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
const visible = (text) =>
  text.replace(HIDDEN, (letter) => `\\u{${letter.codePointAt(0).toString(16)}}`);

// Without white space, which pictures lay out anew, and without the character that
// keeps Mermaid from reading more into a text.
const bare = (text) => text.replace(/[\s\u2060]/gu, "");

const readers = { ".dot": dotTexts, ".mmd": mermaidTexts };

async function check(directory, file) {
  const kind = extname(file);
  const graph = JSON.parse(readFileSync(join(directory, `${basename(file, kind)}.json`), "utf8"));
  const path = join(directory, file);
  let texts;
  if (kind === ".svg") {
    const source = readFileSync(path, "utf8");
    texts = svgTexts(source);
    await drawn(source, graph);
  } else {
    texts = await readers[kind](path);
  }
  for (const [id, text] of expected(graph)) {
    const shown = texts.get(id);
    if (shown === undefined || !bare(shown).startsWith(bare(visible(text)))) {
      throw new Error(`${id} shows ${JSON.stringify(shown)}, not ${JSON.stringify(text)}`);
    }
  }
}

const directory = process.argv[2];
const browser = await start();
const { page } = await openPage(browser, "light");
const files = readdirSync(directory).filter((file) => /\.(mmd|dot|svg)$/u.test(file));
let passed = 0;
for (const file of files) {
  try {
    await check(directory, file);
    passed += 1;
  } catch (error) {
    console.error(`${file}: ${error.message}`);
    console.log(`${passed} passed, 1 failed`);
    await browser.close();
    process.exit(1);
  }
}
await browser.close();
if (passed === 0) {
  console.error(`no graphs in ${directory}`);
  process.exit(1);
}
console.log(`${passed} passed, 0 failed`);
