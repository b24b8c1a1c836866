// Search, keys, and the link between the graph and the timeline. All else works without.
"use strict";
document.documentElement.classList.remove("off");
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const rows = all(".row");
const nodes = all(".graph .node[data-node]");
const search = document.querySelector("#search");
const found = document.querySelector("#found");
// What the search looks at: path, function, state and errors.
const textOf = (row) => all(".f", row).map((part) => part.textContent).join(" ").toLowerCase();
const texts = new Map(rows.map((row) => [row, textOf(row)]));

const graphOf = (node) => node.closest(".graph").dataset.graph;
const key = (graph, node) => `${graph}/${node}`;
const nodesByKey = new Map();
for (const node of nodes) {
  const name = key(graphOf(node), node.dataset.node);
  nodesByKey.set(name, [...(nodesByKey.get(name) ?? []), node]);
}
const rowsByKey = new Map();
for (const row of rows.filter((row) => row.dataset.node)) {
  const name = key(row.dataset.graph, row.dataset.node);
  rowsByKey.set(name, [...(rowsByKey.get(name) ?? []), row]);
}

// Of many of a kind, one at a time is in the tab order; the arrows move on from there.
function roving(elements) {
  for (const [at, element] of elements.entries()) element.tabIndex = at === 0 ? 0 : -1;
  for (const element of elements) {
    element.addEventListener("focus", () => {
      for (const other of elements) if (other.tabIndex === 0) other.tabIndex = -1;
      element.tabIndex = 0;
    });
  }
}

function choose(name) {
  for (const chosen of all(".chosen")) chosen.classList.remove("chosen");
  for (const node of nodesByKey.get(name) ?? []) node.classList.add("chosen");
  for (const row of rowsByKey.get(name) ?? []) row.classList.add("chosen");
}

// The nearest that can be scrolled goes to the middle, and nothing else moves.
function reveal(node) {
  const box = node.closest(".graph");
  const [inner, outer] = [node.getBoundingClientRect(), box.getBoundingClientRect()];
  box.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  box.scrollTop += inner.top + inner.height / 2 - outer.top - outer.height / 2;
}

// What failed is seen first.
for (const graph of all(".graph")) {
  const first = graph.querySelector(".node.failed") ?? graph.querySelector(".node");
  if (first) reveal(first);
}

const summaryOf = (row) => row.querySelector("summary");

function goToRow(name) {
  const row = rowsByKey.get(name)?.find((row) => !row.hidden) ?? rowsByKey.get(name)?.[0];
  if (!row) return;
  if (row.hidden) filter("");
  summaryOf(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "center" });
}

const buttons = new Map();
for (const [name, shapes] of nodesByKey) {
  if (!rowsByKey.has(name)) continue;
  for (const shape of shapes) shape.addEventListener("click", () => goToRow(name));
  // A frame is drawn in two parts; the last one holds its text.
  const node = shapes.at(-1);
  const svg = node.closest("svg");
  svg.setAttribute("role", "group");
  buttons.set(svg, [...(buttons.get(svg) ?? []), node]);
  node.setAttribute("role", "button");
  node.addEventListener("focus", () => choose(name));
  node.addEventListener("keydown", (event) => {
    const nodes = buttons.get(svg);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" || event.key === " ") goToRow(name);
    else if (step) nodes.at((nodes.indexOf(node) + step) % nodes.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
for (const nodes of buttons.values()) roving(nodes);
roving(rows.map(summaryOf));

for (const row of rows) {
  summaryOf(row).addEventListener("focus", () => {
    if (!row.dataset.node) return choose("");
    const name = key(row.dataset.graph, row.dataset.node);
    choose(name);
    const node = nodesByKey.get(name)?.at(-1);
    if (node) reveal(node);
  });
}

function filter(text) {
  if (search.value !== text) search.value = text;
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  let count = 0;
  for (const row of rows) {
    row.hidden = !words.every((word) => texts.get(row).includes(word));
    count += row.hidden ? 0 : 1;
  }
  found.textContent = words.length === 0 ? "" : `${count} of ${rows.length} rows`;
}
if (search) search.addEventListener("input", () => filter(search.value));

function move(step) {
  const visible = rows.filter((row) => !row.hidden);
  const at = visible.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : -1) : Math.min(Math.max(at + step, 0), visible.length - 1);
  const row = visible.at(next);
  if (!row) return;
  summaryOf(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !search) return;
  const inSearch = document.activeElement === search;
  const inRows = Boolean(document.activeElement?.closest(".rows"));
  if (event.key === "/" && !inSearch) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape") {
    filter("");
    choose("");
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (inRows || inSearch)) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if ((event.key === "Home" || event.key === "End") && inRows) {
    event.preventDefault();
    move(event.key === "Home" ? -rows.length : rows.length);
  }
});
