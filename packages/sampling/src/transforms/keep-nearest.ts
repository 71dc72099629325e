import { largestLogit } from "./log-sum-exp.ts";

const bins = 2048;
/** So few are sorted faster than they are binned. */
const few = 64;

/**
 * Keeps the tokens with the smallest distances, of equal ones those with the smaller ids: the fewest whose
 * probabilities add up to at least `p`, and at least `keep` tokens. `distances` are finite wherever a token is not
 * excluded.
 *
 * Nothing is sorted but the last few. The tokens go into bins by their distance; the mass of the bins says in which one
 * p is reached, and only the tokens of that bin are looked at again, in finer bins.
 */
export function keepNearest(logits: Float32Array, distances: Float64Array, p: number, keep: number): Float32Array {
  const max = largestLogit(logits);
  const weights = new Float64Array(logits.length);
  let open = new Int32Array(logits.length);
  let length = 0;
  let needed = 0;
  for (let id = 0; id < logits.length; id++) {
    if (logits[id] === -Infinity) continue;
    open[length++] = id;
    needed += p * (weights[id] = Math.exp(logits[id]! - max));
  }
  open = open.subarray(0, length);

  const kept = new Float32Array(logits.length).fill(-Infinity);
  let mass = 0;
  let count = 0;
  for (;;) {
    let low = Infinity;
    let high = -Infinity;
    for (let at = 0; at < open.length; at++) {
      low = Math.min(low, distances[open[at]!]!);
      high = Math.max(high, distances[open[at]!]!);
    }
    const scale = bins / (high - low);
    if (open.length <= few || !Number.isFinite(scale) || scale === 0) break;

    const binOf = new Uint16Array(open.length);
    const masses = new Float64Array(bins);
    const counts = new Int32Array(bins);
    for (let at = 0; at < open.length; at++) {
      const id = open[at]!;
      const bin = Math.min(bins - 1, Math.floor((distances[id]! - low) * scale));
      binOf[at] = bin;
      masses[bin]! += weights[id]!;
      counts[bin]!++;
    }
    let last = 0;
    while (last < bins - 1 && (mass + masses[last]! < needed || count + counts[last]! < keep)) {
      mass += masses[last]!;
      count += counts[last++]!;
    }
    for (let at = 0; at < open.length; at++) if (binOf[at]! < last) kept[open[at]!] = logits[open[at]!]!;
    open = open.filter((_, at) => binOf[at] === last);
  }

  for (const id of open.sort((a, b) => distances[a]! - distances[b]! || a - b)) {
    if (mass >= needed && count >= keep) break;
    kept[id] = logits[id]!;
    mass += weights[id]!;
    count++;
  }
  return kept;
}
