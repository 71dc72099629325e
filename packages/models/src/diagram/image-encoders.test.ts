import { expect, test } from "vitest";

import { printedImageEncoders } from "../../test/printed-specs.ts";
import { counted, expectApart, frames, positionsOf } from "../../test/sketches.ts";
import { assemble } from "../assemble.ts";
import { describe as listed } from "../describe.ts";
import { diagram } from "../diagram.ts";
import { standardKinds } from "../kinds/standard.ts";
import { sketchOf } from "./sketch-of.ts";
import { boxesOf } from "./text.ts";

test.each(printedImageEncoders)("every parameter is in one box, and no box covers another: %s", (_, spec) => {
  const model = assemble(spec);
  const sketch = sketchOf(model, standardKinds);
  const inside = counted(boxesOf(frames(sketch)[0]!.inside));
  const outside = counted(boxesOf(sketch)) - inside;
  const runs = spec.layerGroups ?? spec.layers;
  expect(outside + runs * inside + positionsOf(model)).toBe(listed(model).count);
  expectApart(sketch);
});

test("an image is cut into patches, and the class token says what it is", () => {
  const [bare, classes, , pooled] = printedImageEncoders.map(([, spec]) => diagram(spec));
  expect(bare!.text).toMatch(
    /^ +images \[b, 2, 4, 6\]\n[^]*│ PatchEmbedding +│\n.*│ patch 2, 3 +│[^]*⊕─+┤ table \[5, 8\]/,
  );
  expect(bare!.text).toMatch(/\n +\[b, 5, 8\]\n[^]*\n +\[b, 5, 8\]$/);
  expect(bare!.text.match(/LearnedPosition/g)).toHaveLength(1);
  expect(bare!.svg).toContain("Image-encoder: 2 layers · width 8 · images 4 × 6 in patches 2 × 3 · ");
  expect(classes!.text).toMatch(/│ ClassTokenHead +│[^]*logits \[b, 3\]$/);
  expect(pooled!.text).toMatch(/│ ClassTokenHead +│[^]*leaky-relu[^]*\[b, 5\]$/);
});
