import { activationOf, Linear, Module, type Activation, type ActivationName } from "@tenon/nn";
import { ConfigError, div, maximum, sqrt, square, sum, type Random, type Tensor } from "@tenon/tensor";

import type { HeadInput } from "./encoder-head.ts";
import { poolings, type Pooling, type PoolingName } from "./pooling.ts";

/** A map that a sentence's vector passes. */
export interface SentenceLayer {
  /** Width of what comes out. */
  readonly width: number;
  /** Default: none. */
  readonly activation?: ActivationName | undefined;
  /** Default true. */
  readonly bias?: boolean | undefined;
}

/** What a {@link SentenceHead} is made from. */
export interface SentenceHeadOptions {
  /** Width d of the stream. */
  readonly width: number;
  /** How the tokens' vectors become one. Default "mean". */
  readonly pooling?: PoolingName | undefined;
  /** What the vector passes after that. Default: nothing. */
  readonly layers?: readonly SentenceLayer[] | undefined;
  /** Is the vector brought to length 1 at last, so that a dot product of two is their cosine? Default false. */
  readonly normalise?: boolean | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/** A vector shorter than this counts as 0, and stays so. */
const shortest = 1e-12;

/**
 * A vector for each sentence, to compare it with others: y = pooling(x), through the layers if there are any, divided by its length if told to.
 * x [b, t, d] → [b, d], or as wide as the last layer says.
 *
 * Throws `ConfigError` for widths that are no whole numbers from 1 up, and for an unknown pooling or activation; `forward` throws `ShapeError` when x
 * is not [b, t, d], or `real` not [b, t].
 *
 * Reimers and Gurevych 2019, "Sentence-BERT: sentence embeddings using Siamese BERT-networks".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const head = new SentenceHead({ width: 2, normalise: true, random: random(1) });
 * console.log(await head.forward(tensor([6, 0, 0, 8], [1, 2, 2], on)).read()); // Float32Array(2) [ 0.6000000238418579, 0.800000011920929 ]
 * ```
 */
export class SentenceHead extends Module<[x: Tensor, input?: HeadInput], Tensor> {
  readonly layers: readonly Linear[];
  readonly normalise: boolean;

  readonly #pooling: Pooling;
  readonly #activations: readonly (Activation | undefined)[];

  constructor({ width, pooling = "mean", layers = [], normalise = false, random }: SentenceHeadOptions) {
    super();
    if (!Object.hasOwn(poolings, pooling)) {
      throw new ConfigError(
        `SentenceHead: there is no pooling ${JSON.stringify(pooling)}; choose from ${Object.keys(poolings).join(", ")}`,
        { pooling },
      );
    }
    this.#pooling = poolings[pooling];
    this.layers = layers.map(({ width: output, bias }, i) => {
      const input = layers[i - 1]?.width ?? width;
      return new Linear({ input, output, bias, random: random.fork("layers").fork(i) });
    });
    this.#activations = layers.map(({ activation }) =>
      activation === undefined ? undefined : activationOf(activation),
    );
    this.normalise = normalise;
  }

  protected override compute(x: Tensor, { real }: HeadInput = {}): Tensor {
    const vector = this.layers.reduce(
      (y, layer, i) => {
        const z = layer.forward(y);
        return this.#activations[i]?.(z) ?? z;
      },
      this.#pooling(x, real),
    );
    return this.normalise ? ofLengthOne(vector) : vector;
  }
}

/** x / max(‖x‖, ε) over the last axis. The bound is within the root, whose derivative at 0 is infinite. */
const ofLengthOne = (x: Tensor): Tensor => div(x, sqrt(maximum(sum(square(x), -1, { keepDims: true }), shortest ** 2)));
