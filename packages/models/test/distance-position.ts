import { Parameter, Part, type Initial } from "@tenon/nn";
import type { AttentionPosition, Extent, Placement } from "@tenon/positional";
import { mul, tensor } from "@tenon/tensor";

/** A stranger's position scheme: scores fall with the distance between query and key, by a trained slope for each head. */
export class DistancePosition extends Part implements AttentionPosition {
  readonly slopes: Parameter;

  constructor(heads: number, strength: number) {
    super();
    const initial: Initial = () => Float32Array.from({ length: heads }, (_, head) => strength / 2 ** head);
    this.slopes = new Parameter([heads, 1, 1], initial);
  }

  at({ offset, length, backend }: Extent): Placement {
    const keys = offset + length;
    const distances = Float64Array.from(
      { length: length * keys },
      (_, i) => -Math.abs(offset + Math.floor(i / keys) - (i % keys)),
    );
    return { bias: mul(tensor(distances, [length, keys], backend), this.slopes.value) }; // [h, t, s]
  }
}
