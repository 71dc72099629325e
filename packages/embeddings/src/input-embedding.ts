import { Dropout, Module, type Norm } from "@tenon/nn";
import { Extent, type EmbeddingPosition } from "@tenon/positional";
import { add, ConfigError, ShapeError, zeros, type Tensor } from "@tenon/tensor";

/** What an {@link InputEmbedding} is made from. Its parts come ready-made, so that any can be replaced. */
export interface InputEmbeddingOptions {
  /** Vectors of the tokens: ids i32 [b, t] → [b, t, d]. */
  readonly tokens: Module<[ids: Tensor], Tensor>;
  /** Added for each position. Default: nothing, for models whose attention knows positions. */
  readonly position?: EmbeddingPosition | undefined;
  /** Added for each token's segment: i32 [b, t] → [b, t, d]. Default: nothing. */
  readonly segments?: Module<[segments: Tensor], Tensor> | undefined;
  /** Applied to the sum. Default: none; BERT has one. */
  readonly norm?: Norm | undefined;
  /** Rate of the dropout after that. Default 0. */
  readonly dropout?: number | undefined;
  /** Makes the result wider at the end: [b, t, e] → [b, t, d], with all else of width e. Default: none; ALBERT and ELECTRA have a `Linear`. */
  readonly map?: Module<[x: Tensor], Tensor> | undefined;
}

/** What comes with the ids of one forward pass. */
export interface InputEmbeddingInput {
  /** The segment of each token, i32 [b, t] or [1, t]. Default: all 0, when the model has segments. */
  readonly segments?: Tensor | undefined;
  /** The positions of this pass. Default: from 0 on. */
  readonly extent?: Extent | undefined;
}

/**
 * What a transformer makes of its ids: map(dropout(norm(tokens + position + segments))), ids i32 [b, t] → [b, t, d]. With tokens and
 * position it is GPT-2's, with segments and a norm BERT's, with a map as well ALBERT's, with tokens alone Llama's.
 *
 * Tap: `output` [b, t, d].
 *
 * Throws `ConfigError` for a dropout rate outside [0, 1); `forward` throws `ShapeError` when ids are not [b, t], segments are neither
 * [b, t] nor [1, t], the extent is of another length, or the positions do not fit the tokens, and `ConfigError` for segments that the model has no vectors for.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const embedding = new InputEmbedding({
 *   tokens: new TokenEmbedding({ vocabulary: 100, width: 16, random: random(1).fork("tokens") }),
 *   position: new LearnedPosition({ context: 64, width: 16, random: random(1).fork("position") }),
 * });
 * await embedding.to(on);
 * console.log(embedding.forward(ids([3, 1, 4], [1, 3], on, { limit: 100 })).shape); // [ 1, 3, 16 ]
 * ```
 */
export class InputEmbedding extends Module<[ids: Tensor, input?: InputEmbeddingInput], Tensor> {
  readonly tokens: Module<[ids: Tensor], Tensor>;
  readonly position: EmbeddingPosition | undefined;
  readonly segments: Module<[segments: Tensor], Tensor> | undefined;
  readonly norm: Norm | undefined;
  readonly dropout: Dropout;
  readonly map: Module<[x: Tensor], Tensor> | undefined;

  constructor({ tokens, position, segments, norm, dropout = 0, map }: InputEmbeddingOptions) {
    super();
    this.tokens = tokens;
    this.position = position;
    this.segments = segments;
    this.norm = norm;
    this.dropout = new Dropout(dropout);
    this.map = map;
  }

  protected override compute(ids: Tensor, { segments, extent }: InputEmbeddingInput = {}): Tensor {
    const length = lengthOf(ids, extent);
    let x = this.tokens.forward(ids);
    if (this.position !== undefined) {
      const positions = this.position.embed(extent ?? new Extent({ offset: 0, length, backend: x.backend }));
      expectPositions(positions, x);
      // [b, t, d] + [t, d], or [b, t, d] where each row has positions of its own
      x = add(x, positions);
    }
    if (this.segments !== undefined) {
      if (segments !== undefined) expectSegments(segments, ids);
      // [b, t, d] + [b or 1, t, d]
      x = add(x, this.segments.forward(segments ?? zeros([1, length], x.backend, "i32")));
    } else if (segments !== undefined) {
      throw new ConfigError(
        "InputEmbedding: segments were given, but the model has no segment embedding; leave them out",
        {
          segments: segments.shape,
        },
      );
    }
    x = this.dropout.forward(this.norm?.forward(x) ?? x);
    return this.tap("output", this.map?.forward(x) ?? x);
  }
}

function lengthOf(ids: Tensor, extent: Extent | undefined): number {
  const length = ids.shape[1];
  if (ids.rank !== 2 || length === undefined) {
    throw new ShapeError(`InputEmbedding: ids must be [b, t], got [${ids.shape.join(", ")}]`, { ids: ids.shape });
  }
  if (extent !== undefined && extent.length !== length) {
    throw new ShapeError(
      `InputEmbedding: ids [${ids.shape.join(", ")}] have ${length} positions, the extent ${extent.length}; make an extent for each forward pass`,
      { ids: ids.shape, length: extent.length },
    );
  }
  return length;
}

/** Broadcasting would let positions of more rows, or of a wider table, make the tokens' vectors larger without a word. */
function expectPositions(positions: Tensor, x: Tensor): void {
  const [b, t, d] = x.shape as [number, number, number];
  const [width, length, rows = 1] = positions.shape.toReversed();
  if (
    positions.rank >= 2 &&
    positions.rank <= 3 &&
    (width === d || width === 1) &&
    length === t &&
    (rows === b || rows === 1)
  )
    return;
  throw new ShapeError(
    `InputEmbedding: positions must be [${t}, ${d}] or [${b}, ${t}, ${d}], to be added to the tokens [${b}, ${t}, ${d}], got [${positions.shape.join(", ")}]; give the position scheme the tokens' width, and the extent a row for each of the batch or one for all`,
    { tokens: x.shape, positions: positions.shape },
  );
}

function expectSegments({ rank, shape }: Tensor, ids: Tensor): void {
  const [b, t] = ids.shape;
  if (rank === 2 && shape[1] === t && (shape[0] === b || shape[0] === 1)) return;
  throw new ShapeError(
    `InputEmbedding: segments must be [${b}, ${t}], as the ids are, or [1, ${t}], got [${shape.join(", ")}]`,
    { ids: ids.shape, segments: shape },
  );
}
