import { activations, type ActivationName } from "@tenon/nn";
import type { HeightWidth } from "@tenon/tensor";
import * as z from "zod";

import { size } from "../size.ts";
import type { ImageHeadSpec } from "./image-head-spec.ts";

/** Height and width, in pixels. */
export const heightWidth: z.ZodType<HeightWidth> = z.tuple([size, size]);
/** What an image encoder ends with. */
export const imageHead: z.ZodType<ImageHeadSpec> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none").meta({ title: "A vector for the class token and each patch" }) }),
  z.strictObject({
    kind: z.literal("pooler").meta({ title: "One vector for the image" }),
    width: size.exactOptional().meta({ title: "How wide that is. Default: as the stream" }),
    activation: z
      .enum(Object.keys(activations) as ActivationName[])
      .default("tanh")
      .meta({ title: "What is applied to it" }),
  }),
  z.strictObject({
    kind: z.literal("classification").meta({ title: "Which of some classes it is" }),
    labels: size.meta({ title: "How many classes there are" }),
  }),
]);
