import { Parameter, Part, type Initial } from "@tenon/nn";
import { distances, type AttentionPosition, type Extent, type Placement } from "@tenon/positional";
import { mul, tensor } from "@tenon/tensor";

/** A stranger's position scheme: scores fall with the distance between query and key, by a trained slope for each head. */
export class DistancePosition extends Part implements AttentionPosition {
  readonly slopes: Parameter;

  constructor(heads: number, strength: number) {
    super();
    const initial: Initial = () => Float32Array.from({ length: heads }, (_, head) => strength / 2 ** head);
    this.slopes = new Parameter([heads, 1, 1], initial);
  }

  at(extent: Extent): Placement {
    return {
      bias: (_, region) => {
        const far = Float64Array.from(distances(extent, region)[0]!, (distance) => -Math.abs(distance));
        const table = tensor(far, [region.queries, region.keys], extent.backend);
        return mul(table, this.slopes.value); // [h, t, s]
      },
    };
  }
}
