import { cpu, type Json } from "@tenon/tensor";
import { expect, test } from "vitest";

import { imagePreprocessing } from "./image-preprocessing.ts";
import { pixelValues, type ImagePixels } from "./pixel-values.ts";

const on = cpu();
const json = { size: { height: 2, width: 1 }, image_mean: [0.5, 0.25, 0], image_std: [0.5, 0.25, 2] };
const image: ImagePixels = { width: 1, height: 2, data: Uint8ClampedArray.of(255, 51, 0, 9, 0, 102, 255, 200) };

test("red, green and blue become channels, each by its own mean and deviation; alpha is left out", async () => {
  const preprocessing = imagePreprocessing(json);
  expect(preprocessing).toEqual({ size: [2, 1], scale: 1 / 255, mean: [0.5, 0.25, 0], deviation: [0.5, 0.25, 2] });
  const other = { ...image, data: Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 0) };
  const values = pixelValues([image, other], preprocessing, on);
  expect(values.shape).toEqual([2, 3, 2, 1]);
  const found = [...(await values.read())].map((value) => Math.round(value * 1000) / 1000 + 0);
  expect(found).toEqual([1, -1, -0.2, 0.6, 0, 0.5, -1, 1, -1, 3, 0, 0.5]);
});

test("a preprocessing may leave steps out, and older files have one number for both sides", async () => {
  const plain = imagePreprocessing({ size: 3, do_normalize: false, do_rescale: false });
  expect(plain).toEqual({ size: [3, 3], scale: 1, mean: [0, 0, 0], deviation: [1, 1, 1] });
  expect(imagePreprocessing({ ...json, rescale_factor: 0.5 }).scale).toBe(0.5);
  const values = pixelValues([image], { ...plain, size: [2, 1] }, on);
  expect([...(await values.read())]).toEqual([255, 0, 51, 102, 0, 255]);
});

test("what it cannot do is refused by name", () => {
  const refused = (change: Record<string, Json>) => () => imagePreprocessing({ ...json, ...change });
  expect(refused({ size: { shortest_edge: 224 } })).toThrow(
    `preprocessor_config.json: size: "height": expected a whole number from 1 up; got nothing`,
  );
  expect(refused({ size: null })).toThrow(`"size": expected an object; got nothing`);
  expect(refused({ do_center_crop: true })).toThrow(`"do_center_crop": expected false, the only value that Tenon does`);
  expect(refused({ do_pad: true })).toThrow(`"do_pad": expected false`);
  expect(refused({ image_mean: null })).toThrow(`"image_mean": expected a list of numbers; got nothing`);
  expect(refused({ image_std: [1, 0, 1] })).toThrow(`"image_std": expected a list of numbers above 0; got [1,0,1]`);
  expect(refused({ image_std: [1, 1] })).toThrow(
    `"image_std": expected as many numbers as image_mean has, 3; got [1,1]`,
  );
});

test("images of another size are refused, with the way out", () => {
  const preprocessing = imagePreprocessing(json);
  expect(() => pixelValues([image, { ...image, width: 2, height: 1 }], preprocessing, on)).toThrow(
    "pixelValues: image 1 is 2 pixels wide and 1 high, but the model takes 1 by 2; draw it at that size first, such as into a canvas",
  );
  expect(() => pixelValues([{ ...image, data: new Uint8Array(6) }], preprocessing, on)).toThrow(
    "pixelValues: image 0 of 1 by 2 pixels needs 8 numbers, red, green, blue and alpha of each, got 6",
  );
  expect(() => pixelValues([], preprocessing, on)).toThrow("pixelValues: there is no image; give at least one");
  expect(() => pixelValues([image], { ...preprocessing, mean: [0], deviation: [1] }, on)).toThrow(
    "pixelValues: pixels have red, green and blue, but the preprocessing has 1 means and 1 deviations",
  );
});
