import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { test } from "vitest";

import written from "../../goldens/vit.json" with { type: "json" };
import { assemble } from "../assemble.ts";
import type { ImageEncoderSpec } from "../spec.ts";

const goldens = written as unknown as readonly PartGolden<ImageEncoderSpec>[];

test.each(goldens.map((golden) => [golden.name, golden] as const))("agrees with %s", async (_, golden) => {
  await checkGolden(golden, {
    create: (spec) => assemble(spec),
    forward: (model, { images }) => model.forward(images!),
  });
});
