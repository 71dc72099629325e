import { cpu, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { refusal } from "../../test/caches.ts";
import { all } from "./all.ts";
import { causal } from "./causal.ts";
import { dense } from "./dense.ts";
import { documents } from "./documents.ts";
import { leftPadding } from "./left-padding.ts";
import { local } from "./local.ts";
import type { Mask, MaskExtent } from "./mask.ts";
import { padding } from "./padding.ts";
import { prefix } from "./prefix.ts";
import { fixedSparse, stridedSparse } from "./sparse.ts";
import { window } from "./window.ts";

const on = cpu();
const at = { queries: 2, keys: 3, queryOffset: 1, firstKey: 0, firstQuery: 0, backend: on };

test("masks lower to terms that name their tensors by place", () => {
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

const i32 = (...values: number[]): Tensor => tensor(values, [values.length], on, "i32");

test("what is no mask is refused", () => {
  expect(refusal(() => window(0))).toBe("ConfigError: window: size must be a whole number from 1 up, got 0");
  for (const [name, what, make] of [
    ["padding", "lengths", padding],
    ["leftPadding", "paddings", leftPadding],
    ["prefix", "lengths", prefix],
  ] as const) {
    expect(refusal(() => make(tensor([3], [1], on)))).toBe(
      `DTypeError: ${name}: ${what} must be i32, got f32; make them with tensor(data, [b], on, "i32")`,
    );
    expect(refusal(() => make(tensor([3], [1, 1], on, "i32")))).toBe(
      `ShapeError: ${name}: ${what} must be [b], one for each sequence, got [1, 1]`,
    );
  }
  expect(refusal(() => prefix(-1))).toBe("ConfigError: prefix: the length must be a whole number from 0 up, got -1");
  expect(refusal(() => local(-1))).toBe("ConfigError: local: before must be a whole number from 0 up, got -1");
  expect(refusal(() => local(1, 0.5))).toBe("ConfigError: local: after must be a whole number from 0 up, got 0.5");
  expect(refusal(() => dense(tensor([3], [1, 1], on)))).toBe(
    "DTypeError: dense: the mask must be bool, true where a query may see a key; got f32",
  );
  expect(refusal(() => stridedSparse(0))).toBe(
    "ConfigError: stridedSparse: stride must be a whole number from 1 up, got 0",
  );
  expect(refusal(() => fixedSparse(4, 5))).toBe(
    "ConfigError: fixedSparse: a summary of 5 does not fit a block of 4; choose 1 to 4",
  );
});

test("documents that stand in two places, and rows that do not fit, are refused", () => {
  expect(refusal(() => documents([]))).toBe(
    "ShapeError: documents: ids has no row; give one for each sequence, or one for all",
  );
  expect(refusal(() => documents([[1, 1], [2]]))).toBe(
    "ShapeError: documents: row 0 has 2 tokens, row 1 1; give each row an id for each token",
  );
  expect(refusal(() => documents([[1, 2, 1]]))).toBe(
    "ConfigError: documents: document 1 of row 0 begins again at token 2; tokens of one document stand together, so give the second part another id",
  );
  expect(refusal(() => documents([[1, 2]]).lower([], at))).toBe(
    "ShapeError: documents: the text has 3 tokens by now, but ids are known of 2; give one for each token, those in the cache included",
  );
});

test("a dense mask of another pass is refused", () => {
  const bool = (...shape: number[]): Mask => dense(zeros(shape, on, "bool"));
  const lower = (mask: Mask, of: Partial<MaskExtent> = {}): string => refusal(() => mask.lower([], { ...at, ...of }));
  expect(lower(bool(3, 3))).toBe(
    "ShapeError: dense: the mask [3, 3] has 3 rows, and there are 2 queries; make a mask for each forward pass",
  );
  expect(lower(bool(2, 4))).toBe(
    "ShapeError: dense: the mask [2, 4] has 4 columns, and there are 3 tokens in the text so far; make a mask for each forward pass",
  );
  expect(lower(bool(2, 3), { firstKey: 2, queryOffset: 3 })).toMatch("and there are 5 tokens in the text so far");
  expect(lower(bool(2, 3), { firstQuery: 1, queryOffset: 1 })).toMatch("has 2 rows, and there are 3 queries");
  expect(lower(bool(1, 1, 2, 3))).toBe("nothing was thrown");
  expect(lower(bool())).toBe("nothing was thrown");
});

test("lengths that a cache has dropped altogether are none, not less", async () => {
  const tensors: Tensor[] = [];
  padding(i32(4, 1)).lower(tensors, { ...at, firstKey: 2, queryOffset: 3 });
  expect(await tensors[0]!.read()).toEqual(Int32Array.of(2, 0));
});
