// BERT on nested arrays: products of matrices come from elsewhere, the rest is plain loops.

/** A matrix, row by row. */
export type Rows = readonly Float32Array[];
/** a [m, k] b [k, n] → [m, n] */
export type Product = (a: Rows, b: Rows) => Promise<Rows>;

/** x W + b */
interface Layer {
  /** [in, out] */
  readonly weight: Rows;
  readonly bias: Float32Array;
}
interface Norm {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}
export interface NaiveBlock {
  readonly query: Layer;
  readonly key: Layer;
  readonly value: Layer;
  readonly output: Layer;
  readonly attentionNorm: Norm;
  readonly up: Layer;
  readonly down: Layer;
  readonly feedForwardNorm: Norm;
}
export interface NaiveBert {
  readonly heads: number;
  readonly tokens: Rows;
  readonly positions: Rows;
  readonly segments: Rows;
  readonly norm: Norm;
  readonly blocks: readonly NaiveBlock[];
}

/** ids [t] → a vector for each token [t, d] */
export async function naiveForward(model: NaiveBert, ids: Int32Array, product: Product): Promise<Rows> {
  const layer = async (x: Rows, { weight, bias }: Layer): Promise<Rows> => plusRow(await product(x, weight), bias);
  const attention = async (x: Rows, block: NaiveBlock): Promise<Rows> => {
    const q = await layer(x, block.query);
    const k = await layer(x, block.key);
    const v = await layer(x, block.value);
    const width = q[0]!.length / model.heads;
    const mixed = q.map((row) => new Float32Array(row.length));
    for (let start = 0; start < width * model.heads; start += width) {
      const scores = await product(columns(q, start, width), turned(columns(k, start, width)));
      const head = await product(softmax(scores, 1 / Math.sqrt(width)), columns(v, start, width));
      for (let t = 0; t < head.length; t++) mixed[t]!.set(head[t]!, start);
    }
    return layer(mixed, block.output);
  };
  let x = normalized(embedded(model, ids), model.norm);
  for (const block of model.blocks) {
    x = normalized(plus(x, await attention(x, block)), block.attentionNorm);
    const inner = gelu(await layer(x, block.up));
    x = normalized(plus(x, await layer(inner, block.down)), block.feedForwardNorm);
  }
  return x;
}

function embedded({ tokens, positions, segments }: NaiveBert, ids: Int32Array): Rows {
  return Array.from(ids, (id, t) => {
    const [token, position, segment] = [tokens[id]!, positions[t]!, segments[0]!];
    const row = new Float32Array(token.length);
    for (let i = 0; i < row.length; i++) row[i] = token[i]! + position[i]! + segment[i]!;
    return row;
  });
}

function normalized(x: Rows, { weight, bias }: Norm): Rows {
  return x.map((row) => {
    const n = row.length;
    let mean = 0;
    for (let i = 0; i < n; i++) mean += row[i]!;
    mean /= n;
    let variance = 0;
    for (let i = 0; i < n; i++) variance += (row[i]! - mean) ** 2;
    const scale = 1 / Math.sqrt(variance / n + 1e-12);
    const result = new Float32Array(n);
    for (let i = 0; i < n; i++) result[i] = (row[i]! - mean) * scale * weight[i]! + bias[i]!;
    return result;
  });
}

function softmax(x: Rows, scale: number): Rows {
  return x.map((row) => {
    let top = -Infinity;
    for (let i = 0; i < row.length; i++) top = Math.max(top, row[i]! * scale);
    const result = new Float32Array(row.length);
    let total = 0;
    for (let i = 0; i < row.length; i++) total += result[i] = Math.exp(row[i]! * scale - top);
    for (let i = 0; i < row.length; i++) result[i]! /= total;
    return result;
  });
}

function gelu(x: Rows): Rows {
  return x.map((row) => {
    const result = new Float32Array(row.length);
    for (let i = 0; i < row.length; i++) result[i] = 0.5 * row[i]! * (1 + erf(row[i]! * Math.SQRT1_2));
    return result;
  });
}

/** Abramowitz and Stegun 7.1.26: off by 1.5e-7 at most. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const result = 1 - series * Math.exp(-x * x);
  return x < 0 ? -result : result;
}

function plus(a: Rows, b: Rows): Rows {
  return a.map((row, t) => {
    const other = b[t]!;
    const result = new Float32Array(row.length);
    for (let i = 0; i < row.length; i++) result[i] = row[i]! + other[i]!;
    return result;
  });
}

function plusRow(a: Rows, b: Float32Array): Rows {
  return a.map((row) => {
    const result = new Float32Array(row.length);
    for (let i = 0; i < row.length; i++) result[i] = row[i]! + b[i]!;
    return result;
  });
}

const columns = (x: Rows, start: number, width: number): Rows => x.map((row) => row.slice(start, start + width));

function turned(x: Rows): Rows {
  return Array.from(x[0]!, (_, i) => {
    const column = new Float32Array(x.length);
    for (let t = 0; t < x.length; t++) column[t] = x[t]![i]!;
    return column;
  });
}
