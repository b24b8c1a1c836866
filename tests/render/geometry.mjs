// What must hold of where things are in a picture. `measure` runs in the browser, and gives a
// list of what does not hold.

export function measure(svg) {
  const problems = [];
  const SLACK = 0.6;
  const box = (element) => {
    const { x, y, width, height } = element.getBBox();
    return { left: x, top: y, right: x + width, bottom: y + height };
  };
  const inside = (inner, outer) =>
    inner.left >= outer.left - SLACK &&
    inner.top >= outer.top - SLACK &&
    inner.right <= outer.right + SLACK &&
    inner.bottom <= outer.bottom + SLACK;
  const apart = (a, b) =>
    a.right <= b.left + SLACK ||
    b.right <= a.left + SLACK ||
    a.bottom <= b.top + SLACK ||
    b.bottom <= a.top + SLACK;

  const parts = new Map();
  for (const shape of svg.querySelectorAll("g > .shape")) {
    const { input, node, branch, arm } = shape.parentElement.dataset;
    const id = input ? `i${input}` : node ? `n${node}` : `n${branch}a${arm}`;
    const frame = shape.parentElement.classList.contains("frame");
    parts.set(id, { id, frame, box: box(shape) });
  }
  const { width, height } = svg.viewBox.baseVal;
  // Everything is in one group, which is moved by the margin.
  const margin = svg.querySelector("svg > g").transform.baseVal.consolidate().matrix.e;
  const view = { left: 0, top: 0, right: width - 2 * margin, bottom: height - 2 * margin };

  const all = [...parts.values()];
  for (const part of all) {
    if (!inside(part.box, view)) problems.push(`${part.id} is not in the view`);
  }
  for (const [index, a] of all.entries()) {
    for (const b of all.slice(index + 1)) {
      const nested = (a.frame && inside(b.box, a.box)) || (b.frame && inside(a.box, b.box));
      if (!nested && !apart(a.box, b.box)) problems.push(`${a.id} and ${b.id} overlap`);
    }
  }

  for (const text of svg.querySelectorAll("g > text")) {
    const group = text.parentElement;
    const { input, node, branch, arm } = group.dataset;
    const id = input ? `i${input}` : node ? `n${node}` : `n${branch}a${arm}`;
    const own = parts.get(id).box;
    const { left, right } = box(text);
    let room = [own.left, own.right];
    if (group.classList.contains("branch") && !group.classList.contains("frame")) {
      // At the height of the text, the diamond is narrower.
      const lines = [...group.querySelectorAll("text")].map(box);
      const half = (Math.max(...lines.map((it) => it.bottom)) - Math.min(...lines.map((it) => it.top))) / 2;
      const share = 1 - half / ((own.bottom - own.top) / 2);
      const middle = (own.left + own.right) / 2;
      const reach = ((own.right - own.left) / 2) * share;
      room = [middle - reach, middle + reach];
    }
    if (left < room[0] - SLACK || right > room[1] + SLACK) {
      problems.push(`the text ${JSON.stringify(text.textContent)} of ${id} is too wide`);
    }
  }

  // No line runs behind a box that has text in it, other than those that it joins.
  const leaves = all.filter((part) => !part.frame);
  for (const edge of svg.querySelectorAll("path.edge")) {
    const { from, to } = edge.dataset;
    const reach = box(edge);
    const near = leaves.filter(
      (part) => part.id !== from && part.id !== to && !apart(part.box, reach),
    );
    if (near.length === 0) continue;
    const length = edge.getTotalLength();
    for (let at = 0; at <= length; at += 3) {
      const { x, y } = edge.getPointAtLength(at);
      const hit = near.find(
        ({ box: own }) =>
          x > own.left + 1 && x < own.right - 1 && y > own.top + 1 && y < own.bottom - 1,
      );
      if (hit) {
        problems.push(`the line from ${from} to ${to} runs behind ${hit.id}`);
        break;
      }
    }
  }
  return problems;
}

// What must hold of how a graph's nodes nest and are joined. `graph` is the graph as data.
export function nesting(svg, graph) {
  const problems = [];
  const group = (id) => svg.querySelector(id);
  const box = (element) => {
    const { x, y, width, height } = element.querySelector(".shape").getBBox();
    return { left: x, top: y, right: x + width, bottom: y + height };
  };
  for (const [at, node] of graph.nodes.entries()) {
    const own = group(`[data-node="${at}"]`);
    if (!own || !own.classList.contains(node.kind)) {
      problems.push(`no ${node.kind} n${at}`);
      continue;
    }
    if (!node.parent) continue;
    const parent = graph.nodes[node.parent.node];
    const outer = parent.arms
      ? group(`[data-branch="${node.parent.node}"][data-arm="${node.parent.arm}"]`)
      : group(`[data-node="${node.parent.node}"]`);
    const [a, b] = [box(own), box(outer)];
    if (a.left < b.left || a.top < b.top || a.right > b.right || a.bottom > b.bottom) {
      problems.push(`n${at} is not in what it stands in`);
    }
  }
  for (const { from, to, kind } of graph.edges) {
    const source = from.input === undefined ? from.node : undefined;
    const arms = source === undefined ? undefined : graph.nodes[source].arms;
    const tail = source === undefined ? `i${from.input}` : arms ? `n${source}a0` : `n${source}`;
    const holds = (outer, inner) => {
      for (let it = inner; it !== undefined; it = graph.nodes[it].parent?.node) {
        if (it === outer) return true;
      }
      return false;
    };
    if (source !== undefined && (holds(source, to) || holds(to, source))) continue;
    if (!group(`.edge.${kind}[data-from="${tail}"][data-to="n${to}"]`)) {
      problems.push(`no ${kind} line from ${tail} to n${to}`);
    }
  }
  return problems;
}
