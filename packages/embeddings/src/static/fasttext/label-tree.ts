/**
 * Huffman's tree over counts. Its nodes are the leaves' ids, then those of inner nodes, the root last; an inner node is the output row of its
 * number less that of the leaves. Equal counts are joined in the order of fastText's own, so that the rows of its files mean what they
 * meant there, and those of a training here.
 *
 * @see Joulin, Grave, Bojanowski, Mikolov 2017, "Bag of tricks for efficient text classification".
 */
export interface LabelTree {
  readonly leaves: number;
  /** The left and the right child of each inner node, [leaves − 1, 2]. */
  readonly children: Int32Array;
}

/** Builds the tree. The counts are expected to fall, as in a dictionary; where they do not, the tree is less balanced, and as valid. */
export function labelTree(counts: Float64Array): LabelTree {
  const leaves = counts.length;
  const nodes = Math.max(0, 2 * leaves - 1);
  const all = new Float64Array(nodes).fill(Infinity);
  all.set(counts);
  const children = new Int32Array(2 * Math.max(0, leaves - 1));
  let leaf = leaves - 1;
  let inner = leaves;
  const lightest = (): number => (leaf >= 0 && all[leaf]! < all[inner]! ? leaf-- : inner++);
  for (let node = leaves; node < nodes; node++) {
    const [left, right] = [lightest(), lightest()];
    children.set([left, right], 2 * (node - leaves));
    all[node] = all[left]! + all[right]!;
  }
  return { leaves, children };
}
