import type { ImageEncoderSpec } from "../spec.ts";

/** How many vectors an image becomes: one for the class token and one for each patch. */
export const vectorsOf = ({ image, patch }: Pick<ImageEncoderSpec, "image" | "patch">): number =>
  1 + (image[0] / patch[0]) * (image[1] / patch[1]);
