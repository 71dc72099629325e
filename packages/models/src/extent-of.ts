import { Extent } from "@tenon/positional";
import { ConfigError, ShapeError, type Backend, type Tensor } from "@tenon/tensor";

/** Where the ids of one forward pass stand. */
interface Place {
  /** How many positions a cache holds already. */
  readonly offset: number;
  /** The most positions that the model can see. */
  readonly context: number;
  readonly backend: Backend;
  /** The position of each token so far, where they are not 0, 1, 2, … */
  readonly positions?: readonly (readonly number[])[] | undefined;
}

/**
 * The positions of ids [b, t]. Throws `ShapeError` for ids of another shape or without a token, and `ConfigError` for more positions than the context
 * holds.
 */
export function extentOf(ids: Tensor, { offset, context, backend, positions: told }: Place): Extent {
  const [, length] = ids.shape;
  if (ids.rank !== 2 || length === undefined) {
    throw new ShapeError(`ids must be [b, t], got [${ids.shape.join(", ")}]`, { ids: ids.shape });
  }
  if (length === 0) {
    throw new ShapeError(`ids [${ids.shape.join(", ")}] hold no token; a forward pass needs at least one in each row`, {
      ids: ids.shape,
    });
  }
  const positions = offset + length;
  if (positions > context) {
    const sum = offset === 0 ? "" : ` (${offset} of them in the cache)`;
    throw new ConfigError(
      `${positions} tokens${sum}, but this model's context is ${context}. Shorten the text, or assemble a model with a larger context.`,
      { positions, context },
    );
  }
  return new Extent({ offset, length, backend, positions: told });
}
