import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { expect, test } from "vitest";

import written from "../../goldens/transformer.json" with { type: "json" };
import { assemble } from "../assemble.ts";
import type { EncoderDecoderSpec } from "../spec.ts";
import { transformer } from "./presets.ts";

const goldens = written as unknown as readonly PartGolden<EncoderDecoderSpec>[];

test.each(goldens.map((golden) => [golden.name, golden] as const))("a spec alone makes %s", async (_, golden) => {
  await checkGolden(golden, {
    create: (spec) => assemble(spec),
    forward: (model, { source, target, lengths }) => model.forward(source!, target!, { sourceLengths: lengths }),
  });
});

test("the first of them is the preset", () => {
  const preset = transformer({ vocabulary: 7, context: 8, width: 4, layers: 2, decoderLayers: 1, heads: 2, hidden: 3 });
  const { initial: _, ...expected } = assemble(preset).spec;
  expect(assemble(goldens[0]!.config).spec).toEqual(expected);
});
