import type { HeightWidth, Json } from "@tenon/tensor";

import { Config } from "../config/config.ts";

/** What is done to the pixels of an image before a model sees them. */
export interface ImagePreprocessing {
  /** Height and width that the image has to have, in pixels. */
  readonly size: HeightWidth;
  /** What each channel's numbers from 0 to 255 are multiplied by, first of all. */
  readonly scale: number;
  /** What is then subtracted, for each channel. */
  readonly mean: readonly number[];
  /** By what the difference is divided. */
  readonly deviation: readonly number[];
}

/**
 * What a preprocessor_config.json says, as {@link fromPretrained} found it beside a model: (pixel · scale − mean) / deviation for each channel, of an image that has
 * the right size. `pixelValues` does it.
 *
 * Throws `CheckpointError`, naming the key, for what is missing or has another form, such as a size that only bounds one side, and for steps that Tenon does
 * not do, such as cropping.
 *
 * @example
 * ```ts
 * const { size, scale } = imagePreprocessing({
 *   size: { height: 224, width: 224 },
 *   rescale_factor: 0.5,
 *   image_mean: [0.5, 0.5, 0.5],
 *   image_std: [0.5, 0.5, 0.5],
 * });
 * console.log(size, scale); // [ 224, 224 ] 0.5
 * ```
 */
export function imagePreprocessing(json: Readonly<Record<string, Json>>): ImagePreprocessing {
  const config = new Config("preprocessor_config.json", json);
  // Which pixels an image is made of is decided before; these would choose others than resizing does.
  config.only("do_center_crop", false);
  config.only("do_pad", false);
  const isNumber = (value: unknown): value is number => typeof value === "number";
  const isPositive = (value: unknown): value is number => isNumber(value) && value > 0;
  const normalised = config.flag("do_normalize", true);
  const mean = normalised ? config.list("image_mean", "numbers", isNumber) : [0, 0, 0];
  const deviation = normalised ? config.list("image_std", "numbers above 0", isPositive) : [1, 1, 1];
  if (mean.length !== deviation.length || mean.length === 0)
    throw config.problem("image_std", `as many numbers as image_mean has, ${mean.length}`);
  return {
    size: sizeOf(config),
    scale: config.flag("do_rescale", true) ? config.number("rescale_factor", 1 / 255) : 1,
    mean,
    deviation,
  };
}

/** Older files have one number for both sides. */
function sizeOf(config: Config): HeightWidth {
  if (typeof config.values["size"] === "number") {
    const side = config.size("size");
    return [side, side];
  }
  const sides = config.within("size");
  return [sides.size("height"), sides.size("width")];
}
