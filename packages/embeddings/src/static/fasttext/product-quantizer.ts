/** Centroids of each part of a vector; a code is one byte. */
export const centroidsPerPart = 256;

/**
 * Vectors that are cut into parts of a few numbers, each written as the nearest of 256 centroids: one byte a part.
 *
 * `centroids` has 256 · d numbers: for each part its 256 centroids, one after the other. The last part may be narrower.
 *
 * @see Jégou, Douze, Schmid 2011, "Product quantization for nearest neighbor search";
 * Joulin, Grave, Bojanowski, Douze, Jégou, Mikolov 2016, "FastText.zip: compressing text classification models".
 */
export class ProductQuantizer {
  /** d, numbers of a vector. */
  readonly width: number;
  /** Numbers of a part; the last one may have fewer. */
  readonly partWidth: number;
  readonly parts: number;
  readonly centroids: Float32Array;

  constructor(width: number, partWidth: number, centroids: Float32Array) {
    this.width = width;
    this.partWidth = partWidth;
    this.parts = Math.ceil(width / partWidth);
    this.centroids = centroids;
  }

  /** Numbers of the last part. */
  get lastWidth(): number {
    return this.width - (this.parts - 1) * this.partWidth;
  }

  /** Where the centroid of a code of a part begins. */
  begin(part: number, code: number): number {
    const width = part === this.parts - 1 ? this.lastWidth : this.partWidth;
    return part * centroidsPerPart * this.partWidth + code * width;
  }
}
