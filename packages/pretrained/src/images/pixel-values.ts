import { ConfigError, ShapeError, tensor, type Backend, type Tensor } from "@tenon/tensor";

import type { ImagePreprocessing } from "./image-preprocessing.ts";

/** Pixels row by row, each as red, green, blue and alpha from 0 to 255: the `ImageData` of a page's canvas is one. */
export interface ImagePixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/**
 * Images as a vision model takes them: (pixel · scale − mean) / deviation for red, green and blue, f32 [b, 3, height, width]. Alpha is left out. The images have
 * the right size already: a page gets them by drawing into a canvas of that size.
 *
 * Throws `ShapeError` for an image of another size, naming both, or without all of its pixels, and `ConfigError` for no image, and for a preprocessing of other than
 * three channels.
 *
 * @example
 * ```ts
 * const preprocessing = { size: [1, 2], scale: 1 / 255, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] } as const;
 * const image = { width: 2, height: 1, data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 255, 255) };
 * const values = pixelValues([image], preprocessing, cpu());
 * console.log(values.shape, await values.read()); // [ 1, 3, 1, 2 ] Float32Array(6) [ 1, -1, -1, -1, -1, 1 ]
 * ```
 */
export function pixelValues(
  images: readonly ImagePixels[],
  { size: [height, width], scale, mean, deviation }: ImagePreprocessing,
  on: Backend,
): Tensor {
  if (mean.length !== 3 || deviation.length !== 3) {
    throw new ConfigError(
      `pixelValues: pixels have red, green and blue, but the preprocessing has ${mean.length} means and ${deviation.length} deviations; make the tensor for other channels yourself`,
      { mean, deviation },
    );
  }
  if (images.length === 0) throw new ConfigError("pixelValues: there is no image; give at least one", {});
  const area = height * width;
  const values = new Float32Array(images.length * 3 * area);
  for (const [i, image] of images.entries()) {
    expectSize(i, image, height, width);
    for (let channel = 0; channel < 3; channel++) {
      const at = (i * 3 + channel) * area;
      for (let pixel = 0; pixel < area; pixel++)
        values[at + pixel] = (image.data[4 * pixel + channel]! * scale - mean[channel]!) / deviation[channel]!;
    }
  }
  return tensor(values, [images.length, 3, height, width], on);
}

function expectSize(i: number, { width, height, data }: ImagePixels, rows: number, columns: number): void {
  if (width !== columns || height !== rows) {
    throw new ShapeError(
      `pixelValues: image ${i} is ${width} pixels wide and ${height} high, but the model takes ${columns} by ${rows}; draw it at that size first, such as into a canvas`,
      { image: i, got: [height, width], expected: [rows, columns] },
    );
  }
  if (data.length === 4 * width * height) return;
  throw new ShapeError(
    `pixelValues: image ${i} of ${width} by ${height} pixels needs ${4 * width * height} numbers, red, green, blue and alpha of each, got ${data.length}`,
    { image: i, got: data.length },
  );
}
