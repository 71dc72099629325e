/**
 * Finds the circles of a directed graph, one for each group of nodes that all reach each other: the shortest one through the group's
 * first node, closed, as in `["a", "b", "a"]`.
 *
 * @param {Map<string, readonly (string | undefined)[]>} graph each node with the nodes that it points to
 * @returns {string[][]}
 */
export function findCycles(graph) {
  const done = new Set();
  const cycles = [];
  for (const start of graph.keys()) {
    if (done.has(start)) continue;
    const cycle = shortestWayBack(graph, start);
    if (cycle === undefined) continue;
    cycles.push(cycle);
    // The rest of the group would be reported again from each of its nodes.
    const forward = reachable(graph, start);
    for (const node of forward) if (reachable(graph, node).has(start)) done.add(node);
  }
  return cycles;
}

function shortestWayBack(graph, start) {
  const previous = new Map();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return path(previous, start, node);
      if (next === undefined || previous.has(next)) continue;
      previous.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}

function path(previous, start, end) {
  const nodes = [end];
  while (nodes[0] !== start) nodes.unshift(previous.get(nodes[0]));
  return [...nodes, start];
}

function reachable(graph, start) {
  const found = new Set([start]);
  for (const node of found) for (const next of graph.get(node) ?? []) if (next !== undefined) found.add(next);
  return found;
}
