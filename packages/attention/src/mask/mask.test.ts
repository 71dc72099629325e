import { cpu, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { all } from "./all.ts";
import { causal } from "./causal.ts";
import { dense } from "./dense.ts";
import { padding } from "./padding.ts";
import { window } from "./window.ts";

const at = { queries: 2, keys: 3, queryOffset: 1, firstKey: 0, firstQuery: 0, backend: cpu() };

test("masks lower to terms that name their tensors by place", () => {
  const on = cpu();
  const lengths = tensor([3], [1], on, "i32");
  const allowed = tensor([1], [1, 1], on, "bool");
  const tensors: Tensor[] = [];
  const terms = all(causal(), dense(allowed), all(window(4), padding(lengths))).lower(tensors, at);
  expect(terms).toEqual([
    { kind: "causal" },
    { kind: "dense", input: 0 },
    { kind: "window", size: 4 },
    { kind: "lengths", input: 1 },
  ]);
  expect(tensors).toEqual([allowed, lengths]);
  expect(all().lower([], at)).toEqual([]);
});

test("what is no mask is refused", () => {
  const on = cpu();
  expect(() => window(0)).toThrow("window: size must be a whole number from 1 up, got 0");
  expect(() => padding(tensor([3], [1], on))).toThrow("padding: lengths must be i32, got f32");
  expect(() => padding(tensor([3], [1, 1], on, "i32"))).toThrow(
    "padding: lengths must be [b], one for each sequence, got [1, 1]",
  );
  expect(() => dense(tensor([3], [1, 1], on))).toThrow(
    "dense: the mask must be bool, true where a query may see a key; got f32",
  );
});
