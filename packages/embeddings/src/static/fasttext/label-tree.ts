/**
 * Huffman's tree over counts, the leaves' ids first and then the inner nodes': a node is the output row of its number less that of the leaves.
 * Equal counts are joined in fastText's order, so that the rows of its files mean what they meant there.
 */
export interface LabelTree {
  readonly leaves: number;
  /** The left and the right child of each inner node, [leaves − 1, 2]. */
  readonly children: Int32Array;
  /** The parent of each node but the root, [2 · leaves − 1]; −1 for the root. */
  readonly parents: Int32Array;
}

/** Builds the tree. The counts are expected to fall, as in a dictionary; where they do not, the tree is less balanced, and as valid. */
export function labelTree(counts: Float64Array): LabelTree {
  const leaves = counts.length;
  const nodes = Math.max(0, 2 * leaves - 1);
  const all = new Float64Array(nodes).fill(1e15);
  all.set(counts);
  const children = new Int32Array(2 * Math.max(0, leaves - 1));
  const parents = new Int32Array(nodes).fill(-1);
  let leaf = leaves - 1;
  let inner = leaves;
  for (let node = leaves; node < nodes; node++) {
    let sum = 0;
    for (let side = 0; side < 2; side++) {
      const child = leaf >= 0 && (inner >= node || all[leaf]! < all[inner]!) ? leaf-- : inner++;
      children[2 * (node - leaves) + side] = child;
      parents[child] = node;
      sum += all[child]!;
    }
    all[node] = sum;
  }
  return { leaves, children, parents };
}

/**
 * The way from a leaf to the root: the output rows on it, and of each whether the right child was come from.
 *
 * @see Joulin, Grave, Bojanowski, Mikolov 2017, "Bag of tricks for efficient text classification".
 */
export function pathOf({ leaves, children, parents }: LabelTree, leaf: number): { rows: number[]; right: boolean[] } {
  const rows: number[] = [];
  const right: boolean[] = [];
  for (let node = leaf, parent = parents[leaf]!; parent >= 0; node = parent, parent = parents[node]!) {
    rows.push(parent - leaves);
    right.push(children[2 * (parent - leaves) + 1] === node);
  }
  return { rows, right };
}
