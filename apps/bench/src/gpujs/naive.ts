// BERT on nested arrays: products of matrices come from elsewhere, the rest is plain loops.

/** A matrix as nested arrays. gpu.js takes arrays of numbers, and gives arrays of `Float32Array`. */
export type Rows = readonly Row[];
export type Row = ArrayLike<number>;
/** a [m, k] b [k, n] → [m, n] */
export type Product = (a: Rows, b: Rows) => Promise<Rows>;

/** x W + b */
interface Layer {
  /** [in, out] */
  readonly weight: Rows;
  readonly bias: Row;
}
interface Norm {
  readonly weight: Row;
  readonly bias: Row;
}
interface Block {
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
  readonly blocks: readonly Block[];
}

/** ids [t] → a vector for each token [t, d] */
export async function naiveForward(model: NaiveBert, ids: Int32Array, product: Product): Promise<Rows> {
  const layer = async (x: Rows, { weight, bias }: Layer): Promise<Rows> => plusRow(await product(x, weight), bias);
  const attention = async (x: Rows, { query, key, value, output }: Block): Promise<Rows> => {
    const [q, k, v] = [await layer(x, query), await layer(x, key), await layer(x, value)];
    const width = q[0]!.length / model.heads;
    const mixed: number[][] = q.map(() => []);
    for (let head = 0; head < model.heads; head++) {
      const start = head * width;
      const scores = await product(columns(q, start, width), turned(columns(k, start, width)));
      const mix = await product(softmax(scores, 1 / Math.sqrt(width)), columns(v, start, width));
      for (let t = 0; t < mix.length; t++) for (let i = 0; i < width; i++) mixed[t]!.push(mix[t]![i]!);
    }
    return layer(mixed, output);
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
    const result: number[] = [];
    for (let i = 0; i < token.length; i++) result.push(token[i]! + position[i]! + segment[i]!);
    return result;
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
    const result: number[] = [];
    for (let i = 0; i < n; i++) result.push((row[i]! - mean) * scale * weight[i]! + bias[i]!);
    return result;
  });
}

function softmax(x: Rows, scale: number): Rows {
  return x.map((row) => {
    let top = -Infinity;
    for (let i = 0; i < row.length; i++) top = Math.max(top, row[i]! * scale);
    const result: number[] = [];
    let total = 0;
    for (let i = 0; i < row.length; i++) {
      const power = Math.exp(row[i]! * scale - top);
      total += power;
      result.push(power);
    }
    for (let i = 0; i < row.length; i++) result[i]! /= total;
    return result;
  });
}

function gelu(x: Rows): Rows {
  return x.map((row) => {
    const result: number[] = [];
    for (let i = 0; i < row.length; i++) result.push(0.5 * row[i]! * (1 + erf(row[i]! * Math.SQRT1_2)));
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
    const result: number[] = [];
    for (let i = 0; i < row.length; i++) result.push(row[i]! + other[i]!);
    return result;
  });
}

function plusRow(a: Rows, b: Row): Rows {
  return a.map((row) => {
    const result: number[] = [];
    for (let i = 0; i < row.length; i++) result.push(row[i]! + b[i]!);
    return result;
  });
}

function columns(x: Rows, start: number, width: number): Rows {
  return x.map((row) => {
    const result: number[] = [];
    for (let i = start; i < start + width; i++) result.push(row[i]!);
    return result;
  });
}

/** [m, n] → [n, m] */
export function turned(x: Rows): Rows {
  return Array.from(x[0]!, (_, i) => {
    const result: number[] = [];
    for (let t = 0; t < x.length; t++) result.push(x[t]![i]!);
    return result;
  });
}
