// The pieces of a transformer in plain loops over doubles, one sequence at a time and with nothing of Tenon in them: what its models
// are compared with.

/** One row of numbers for each position. */
export type Rows = readonly Float64Array[];

/** A table's row for each id. */
export function lookedUp(table: Float64Array, width: number, ids: readonly number[]): Rows {
  return ids.map((id) => table.slice(id * width, (id + 1) * width));
}

/** x + y, element by element. */
export function added(x: Rows, y: Rows): Rows {
  return x.map((row, t) => row.map((value, i) => value + y[t]![i]!));
}

/** x · y, element by element. */
export function multiplied(x: Rows, y: Rows): Rows {
  return x.map((row, t) => row.map((value, i) => value * y[t]![i]!));
}

/** f of each element. */
export function mapped(x: Rows, f: (value: number) => number): Rows {
  return x.map((row) => row.map(f));
}

/** x Wᵀ + bias, with the weight [out, in] row by row. */
export function affine(x: Rows, weight: Float64Array, bias?: Float64Array): Rows {
  return x.map((row) => {
    const y = new Float64Array(weight.length / row.length);
    for (let o = 0; o < y.length; o++) {
      let total = bias?.[o] ?? 0;
      for (let i = 0; i < row.length; i++) total += weight[o * row.length + i]! * row[i]!;
      y[o] = total;
    }
    return y;
  });
}

/** (x − mean) / √(variance + ε) · weight + bias */
export function layerNorm(x: Rows, weight: Float64Array, bias: Float64Array, epsilon: number): Rows {
  return x.map((row) => {
    let mean = 0;
    for (const value of row) mean += value / row.length;
    let variance = 0;
    for (const value of row) variance += (value - mean) ** 2 / row.length;
    return row.map((value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * weight[i]! + bias[i]!);
  });
}

/** x / √(mean of squares + ε) · weight */
export function rmsNorm(x: Rows, weight: Float64Array, epsilon: number): Rows {
  return x.map((row) => {
    let square = 0;
    for (const value of row) square += value ** 2 / row.length;
    return row.map((value, i) => (value / Math.sqrt(square + epsilon)) * weight[i]!);
  });
}

/** The GELU of GPT-2. */
export function geluByTanh(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/** The GELU of BERT. */
export function geluByErf(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/** erf x = 2/√π e^−x² Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n + 1)): every term has the same sign, so nothing cancels. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let total = 0;
  for (let n = 0; n < 200; n++) {
    total += term;
    term *= (2 * x * x) / (2 * n + 3);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** x / (1 + e^−x) */
export function silu(x: number): number {
  return x / (1 + Math.exp(-x));
}

/** Every head's pair (i, i + k/2) of the row at position p, turned by the angle p · base^(−2i/k). */
export function rotated(x: Rows, headWidth: number, base: number): Rows {
  const half = headWidth / 2;
  return x.map((row, position) => {
    const y = row.slice();
    for (let head = 0; head < row.length; head += headWidth) {
      for (let i = 0; i < half; i++) {
        const angle = position * base ** ((-2 * i) / headWidth);
        const [first, second] = [row[head + i]!, row[head + i + half]!];
        y[head + i] = first * Math.cos(angle) - second * Math.sin(angle);
        y[head + i + half] = second * Math.cos(angle) + first * Math.sin(angle);
      }
    }
    return y;
  });
}

/**
 * softmax(q kᵀ / √k) v in each head, over the keys that a query may see. Keys and values may have fewer heads than queries: each
 * then serves as many heads in a row.
 */
export function attention(
  [queries, keys, values]: readonly [Rows, Rows, Rows],
  headWidth: number,
  allowed: (query: number, key: number) => boolean,
): Rows {
  const group = queries[0]!.length / keys[0]!.length;
  return queries.map((query, t) => {
    const y = new Float64Array(query.length);
    for (let head = 0; head < query.length / headWidth; head++) {
      const shared = Math.floor(head / group) * headWidth;
      const weights = keys.map((key, s) => {
        if (!allowed(t, s)) return 0;
        let score = 0;
        for (let i = 0; i < headWidth; i++) score += query[head * headWidth + i]! * key[shared + i]!;
        return Math.exp(score / Math.sqrt(headWidth));
      });
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (let s = 0; s < keys.length; s++) {
        for (let i = 0; i < headWidth; i++) {
          y[head * headWidth + i]! += (weights[s]! / total) * values[s]![shared + i]!;
        }
      }
    }
    return y;
  });
}
