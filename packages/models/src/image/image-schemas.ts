import { activations, type ActivationName } from "@tenon/nn";
import type { HeightWidth } from "@tenon/tensor";
import { z } from "zod";

import { size } from "../size.ts";
import type { ImageHeadSpec } from "./image-head-spec.ts";

/** Height and width, in pixels. */
export const heightWidth: z.ZodType<HeightWidth> = z.tuple([size, size]);
/** What an image encoder ends with. */
export const imageHead: z.ZodType<ImageHeadSpec> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("pooler"),
    width: size.exactOptional(),
    activation: z.enum(Object.keys(activations) as ActivationName[]).default("tanh"),
  }),
  z.strictObject({ kind: z.literal("classification"), labels: size }),
]);
