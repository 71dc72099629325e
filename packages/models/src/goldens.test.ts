import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { test } from "vitest";

import written from "../goldens/models.json" with { type: "json" };
import { assemble } from "./assemble.ts";
import type { DecoderSpec } from "./spec.ts";

const goldens = written as unknown as readonly PartGolden<DecoderSpec>[];

test.each(goldens.map((golden) => [golden.name, golden] as const))("a spec alone makes %s", async (_, golden) => {
  await checkGolden(golden, {
    create: (spec) => assemble(spec),
    forward: (model, { ids }) => model.forward(ids!),
  });
});
