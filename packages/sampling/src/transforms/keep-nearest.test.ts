import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { keepNearest } from "./keep-nearest.ts";

/** Sort everything by distance, add up until both limits are reached. */
function reference(logits: Float32Array, distances: Float64Array, p: number, keep: number): Float32Array {
  const max = logits.reduce((a, b) => Math.max(a, b));
  const weights = Array.from(logits, (logit) => Math.exp(logit - max));
  const needed = p * weights.reduce((sum, weight) => sum + weight, 0);
  const kept = new Set<number>();
  let mass = 0;
  for (const id of Array.from(logits.keys()).sort((a, b) => distances[a]! - distances[b]! || a - b)) {
    if (mass >= needed && kept.size >= keep) break;
    if (logits[id] === -Infinity) continue;
    kept.add(id);
    mass += weights[id]!;
  }
  return logits.map((logit, id) => (kept.has(id) ? logit : -Infinity));
}

test("keepNearest agrees with sorting everything, whatever the distances", () => {
  const dice = random(11);
  const kinds: Readonly<Record<string, () => number>> = {
    "spread evenly": () => dice.uniform(),
    "with many ties": () => dice.integer(3),
    "all equal": () => 0.25,
    "almost equal": () => 1 + dice.uniform() * 1e-12,
    "a few very far": () => (dice.integer(50) === 0 ? 1e30 * dice.uniform() : dice.uniform()),
    "over many magnitudes": () => Math.exp(100 * dice.normal()),
    denormal: () => dice.integer(5) * Number.MIN_VALUE,
  };
  for (const [kind, distance] of Object.entries(kinds)) {
    for (const v of [1, 3, 65, 3000]) {
      const logits = Float32Array.from({ length: v }, (_, id) => (id % 7 === 3 ? -Infinity : dice.normal()));
      const distances = Float64Array.from({ length: v }, distance);
      for (const p of [1e-9, 0.2, 0.77, 0.99]) {
        for (const keep of [1, 5, 200, 5000])
          expect(keepNearest(logits, distances, p, keep), `${kind}, v ${v}, p ${p}, keep ${keep}`).toEqual(
            reference(logits, distances, p, keep),
          );
      }
    }
  }
});
