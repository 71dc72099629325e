import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import { attentionAttrs, drawAttention, placeAttention } from "../testing/attention-cases.ts";
import { expectClose } from "../testing/op-case.ts";
import { plainAttention } from "../testing/plain-attention.ts";
import { floats, plain, type Plain } from "../testing/plain.ts";
import { explicitAttention } from "./explicit-attention.ts";
import { expand } from "./reduce.ts";

const on = cpu({ precision: "f64" });
const dice = random(23);
const real = (shape: Shape): Plain => floats(shape, dice);

test("the explicit path shows its scores and pattern, and takes others in their place", async () => {
  const tensors = drawAttention(real, [1, 2, 3, 2]);
  const attrs = attentionAttrs(tensors, { mask: [{ kind: "causal" }] });
  const seen: [string, Shape][] = [];
  const y = explicitAttention(placeAttention(tensors, on), attrs, (name, x) => {
    seen.push([name, x.shape]);
    return x;
  });
  await expectClose(y, plainAttention(tensors, attrs), 1e-12);
  expect(seen).toEqual([
    ["scores", [1, 2, 3, 3]],
    ["pattern", [1, 2, 3, 3]],
  ]);
  const even = explicitAttention(placeAttention(tensors, on), attrs, (name, x) =>
    name === "pattern" ? expand(tensor([1 / 3], [1], on), x.shape) : x,
  );
  const mean = plain([1, 2, 3, 2], ([, h, , c]) =>
    [0, 1, 2].reduce((total, key) => total + tensors.v.data[(h! * 3 + key) * 2 + c!]! / 3, 0),
  );
  await expectClose(even, mean, 1e-7);
});
