/** The paths of words in a binary tree: of word w the nodes and labels from `starts[w]` to `starts[w + 1]`, from the root down. */
export interface HuffmanPaths {
  /** [v + 1] */
  readonly starts: Int32Array;
  /** Numbers of inner nodes, from 0 to v − 2. */
  readonly nodes: Int32Array;
  /** 1 where the path turns to the left, to the rarer side, else 0: what the node is to answer. */
  readonly labels: Float32Array;
}

/**
 * The binary tree of Huffman (1952) over words, the frequent ones near the root: hierarchical softmax (Morin and Bengio 2005; Mikolov et
 * al. 2013) asks about log₂ v of its nodes for a word, where softmax asks all v. `counts` must fall.
 */
export function huffmanPaths(counts: ArrayLike<number>): HuffmanPaths {
  const words = counts.length;
  const parents = new Int32Array(Math.max(1, 2 * words - 1));
  const isSecond = new Uint8Array(parents.length);
  const weights = new Float64Array(parents.length).fill(Infinity);
  for (let word = 0; word < words; word++) weights[word] = counts[word]!;
  // Words from the rarest up, and nodes in the order of their making, both rise: the lightest of all is the first of either.
  let rarest = words - 1;
  let oldest = words;
  const lightest = (): number => (rarest >= 0 && weights[rarest]! < weights[oldest]! ? rarest-- : oldest++);
  for (let node = words; node < 2 * words - 1; node++) {
    const [first, second] = [lightest(), lightest()];
    weights[node] = weights[first]! + weights[second]!;
    parents[first] = node;
    parents[second] = node;
    isSecond[second] = 1;
  }
  const root = 2 * words - 2;
  const starts = new Int32Array(words + 1);
  for (let word = 0; word < words; word++) {
    let length = 0;
    for (let at = word; at !== root; at = parents[at]!) length++;
    starts[word + 1] = starts[word]! + length;
  }
  const nodes = new Int32Array(starts[words]!);
  const labels = new Float32Array(starts[words]!);
  for (let word = 0; word < words; word++) {
    let place = starts[word + 1]!;
    for (let at = word; at !== root; at = parents[at]!) {
      nodes[--place] = parents[at]! - words;
      labels[place] = 1 - isSecond[at]!;
    }
  }
  return { starts, nodes, labels };
}
