import { Parameter, Part, recompute, valueAndGrad } from "@tenon/nn";
import { distances, Extent, type AttentionPosition, type Placement } from "@tenon/positional";
import { cpu, mul, random, scoped, sum, tensor, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { all } from "../mask/all.ts";
import { causal } from "../mask/causal.ts";
import { predicate } from "../mask/predicate.ts";
import { attend } from "./attend.ts";

/** Everything that a scheme may do: a bias with a parameter that is made of the queries, and something for the values. */
class Everything extends Part implements AttentionPosition {
  readonly slope: Parameter = new Parameter([1], () => Float32Array.of(0.3));
  asked: string[] = [];
  at(extent: Extent): Placement {
    return {
      recompute,
      bias: (queries, region, scale) => {
        this.asked.push(`${region.firstQuery}+${region.queries}`);
        const near = extent.once(
          this,
          () => tensor(Float64Array.from(distances(extent, region)[0]!), [region.queries, region.keys], extent.backend),
          JSON.stringify(region),
        );
        return mul(mul(near, this.slope.value), mul(sum(queries, -1, { keepDims: true }), scale));
      },
      values: (pattern, region) => {
        const far = tensor(
          Float64Array.from(distances(extent, region)[0]!),
          [region.queries, region.keys],
          extent.backend,
        );
        return mul(sum(mul(pattern, far), -1, { keepDims: true }), this.slope.value);
      },
    };
  }
}

const [b, h, t, k] = [2, 2, 7, 3];
const on = cpu({ precision: "f64" });
const [q, keys, values, weights] = [1, 2, 3, 4].map((seed) => place(floats([b, h, t, k], random(seed)), on)) as [
  Tensor,
  Tensor,
  Tensor,
  Tensor,
];

async function outcome(limit: number | undefined): Promise<{ numbers: number[][]; asked: string[] }> {
  const position = await new Everything().to(on);
  const attended = (): Tensor =>
    scoped(() => {
      const extent = new Extent({ offset: 0, length: t, backend: on });
      const placement = position.at(extent);
      const mask = all(
        causal(),
        predicate((query, key) => query - key !== 2),
      );
      return attend(
        q,
        keys,
        values,
        {
          mask,
          position,
          placement,
          extent,
          keyLength: t,
          firstKey: 0,
          scale: 0.5,
          biasQueries: mul(q, position.slope.value),
          lift: (found) => mul(found, position.slope.value),
        },
        limit,
      );
    });
  const before = on.memory().tensors; // what other tests have left may vanish meanwhile
  const y = attended();
  const asked = [...position.asked];
  const { value, gradients } = valueAndGrad(position, () => sum(mul(attended(), weights)));
  const found = [y, value, ...gradients.values()];
  const numbers = await Promise.all(found.map(async (x) => [...(await x.read())]));
  for (const x of found) x[Symbol.dispose]();
  expect(on.memory().tensors).toBeLessThanOrEqual(before);
  return { numbers, asked };
}

test("queries that take turns give what they give together, and the same gradients", async () => {
  const together = await outcome(undefined);
  expect(together.asked).toEqual(["0+7"]);
  for (const [limit, asked] of [
    [h * t * 3, ["0+3", "3+3", "6+1"]],
    [1, ["0+1", "1+1", "2+1", "3+1", "4+1", "5+1", "6+1"]],
  ] as const) {
    const turns = await outcome(limit);
    expect(turns.asked).toEqual(asked);
    turns.numbers.forEach((numbers, i) => expectNumbers(numbers, together.numbers[i]!, 1e-12));
  }
  expect(together.numbers[2]!.every((x) => x !== 0)).toBe(true);
});
