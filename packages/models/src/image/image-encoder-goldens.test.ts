import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { random } from "@tenon/tensor";
import { test } from "vitest";

import written from "../../goldens/vit.json" with { type: "json" };
import { standardKinds } from "../kinds/standard.ts";
import type { ImageEncoderSpec } from "../spec.ts";
import { ImageEncoder } from "./image-encoder.ts";

const goldens = written as unknown as readonly PartGolden<ImageEncoderSpec>[];

test.each(goldens.map((golden) => [golden.name, golden] as const))("agrees with %s", async (_, golden) => {
  await checkGolden(golden, {
    create: (spec) => new ImageEncoder(spec, standardKinds, random(1)),
    forward: (model, { images }) => model.forward(images!),
  });
});
