import { deepNormConstants, PreNorm } from "@tenon/blocks";
import { expect, test } from "vitest";
import * as z from "zod";

import { encoderDecoders } from "../../test/encoder-decoders.ts";
import { counted, expectApart, frames, positionsOf } from "../../test/sketches.ts";
import { assemble } from "../assemble.ts";
import { describe as listed } from "../describe.ts";
import { diagram } from "../diagram.ts";
import { aroundEach } from "../kinds/around-each.ts";
import { standardKinds } from "../kinds/standard.ts";
import { sketchOf } from "./sketch-of.ts";
import { boxesOf } from "./text.ts";
import { aroundEachWiring } from "./wiring.ts";

test.each(encoderDecoders)("every parameter is in one box, and no box covers another: %s", (_, spec) => {
  const model = assemble(spec);
  const sketch = sketchOf(model, standardKinds);
  const [encoder, decoder] = frames(sketch).map(({ inside }) => counted(boxesOf(inside))) as [number, number];
  const runs = ({ layers, layerGroups = layers }: { layers: number; layerGroups?: number }): number => layerGroups;
  const blocks = runs(spec.encoder) * encoder + runs(spec.decoder) * decoder;
  const outside = counted(boxesOf(sketch)) - encoder - decoder;
  const positions = positionsOf(model, "encoder.") + positionsOf(model, "decoder.");
  expect(outside + blocks + positions).toBe(listed(model).count);
  const again = boxesOf(sketch).filter(
    ({ look, lines }) => look === "embedding" && lines.some((line) => line.startsWith("table = encoder.")),
  );
  expect(again).toHaveLength(spec.sourceVocabulary === undefined ? 1 : 0);
  expect(boxesOf(sketch).filter(({ input }) => input === "memory [b, s, 16]")).toHaveLength(1);
  expectApart(sketch);
});

test("the memory is drawn into the cross-attention, and the two sides are streams of their own", () => {
  const { text, svg } = diagram(encoderDecoders[3]![1]);
  expect(text).toMatch(/\n +memory \[b, s, 16\]\n\n\n +target ids \[b, t\]\n/);
  expect(text).toMatch(/│ MultiHeadCrossAttention .*│[^]*?├─+╴ memory \[b, s, 16\] /);
  expect(text).toMatch(/│ ScaledEmbedding +│\n.*│ table = encoder\.embedding\.tokens\.tokens\.table +│/);
  expect(svg).toContain("Encoder-decoder: 2 layers and 2 layers · width 16 · contexts 12 and 12 · ");
  expect(svg.match(/>memory \[b, s, 16\]</g)).toHaveLength(2);
});

test("the stream of deep-norm weighs what it weighs in a model of two stacks", () => {
  const [, spec] = encoderDecoders[5]!;
  const { decoder } = deepNormConstants({ encoder: 2, decoder: 1 });
  expect(diagram(spec).text).toContain(` × ${decoder.alpha.toPrecision(3)} │`);
});

test("a scheme whose wiring says nothing of the cross-attention is one box, and so nothing is left out", () => {
  const kinds = standardKinds.with("residual", "mine", {
    options: z.strictObject({ kind: z.literal("mine") }),
    build: (_, { sublayers, norm }) => aroundEach(sublayers, (place) => new PreNorm({ norm: norm(place) })),
    wiring: () => aroundEachWiring((place) => ({ before: [{ part: `${place}Residual.norm` }] })),
  });
  const [, spec] = encoderDecoders[0]!;
  const decoder = { ...spec.decoder, residual: { kind: "mine" } };
  const { text } = diagram({ ...spec, decoder }, { kinds });
  expect(text).toMatch(/│ CrossAttentionBlock .*│[^]*├─+╴ memory \[b, s, 16\]/);
  expect(text).not.toContain("MultiHeadCrossAttention");
});
