import { initialise } from "@tenon/nn";
import { random, type Random } from "@tenon/tensor";

import { checkSpec } from "./check-spec.ts";
import { Decoder } from "./decoder.ts";
import { EncoderDecoder } from "./encoder-decoder/encoder-decoder.ts";
import { Encoder } from "./encoder.ts";
import { ImageEncoder } from "./image/image-encoder.ts";
import { initialOf } from "./initial-of.ts";
import type { Kinds } from "./kinds/registry.ts";
import { standardKinds } from "./kinds/standard.ts";
import type { RnnEncoderDecoderSpec, RnnSearchSpec } from "./recurrent/recurrent-spec.ts";
import { RnnEncoderDecoder } from "./recurrent/rnn-encoder-decoder.ts";
import { RnnSearch } from "./recurrent/rnn-search.ts";
import type { DecoderSpec, EncoderDecoderSpec, EncoderSpec, ImageEncoderSpec, Spec } from "./spec.ts";

export interface AssembleOptions {
  /** Names the initial values: the same seed gives the same model. Default 0. */
  readonly seed?: number | undefined;
  /** The kinds that the spec may name. Default: those that Tenon brings. */
  readonly kinds?: Kinds | undefined;
}

/**
 * Builds the model that a spec describes, from the parts of the other packages. The spec may come from anywhere, such as a JSON
 * file: it is checked first. The model begins on the host; `await model.to(backend)` places it.
 *
 * Throws `ConfigError` that says which key of the spec, what was expected and what came.
 *
 * @example
 * ```ts
 * const model = await assemble(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 }), { seed: 7 }).to(cpu());
 * ```
 */
export function assemble(spec: DecoderSpec, options?: AssembleOptions): Decoder;
export function assemble(spec: EncoderSpec, options?: AssembleOptions): Encoder;
export function assemble(spec: DecoderSpec | EncoderSpec, options?: AssembleOptions): Decoder | Encoder;
export function assemble(spec: EncoderDecoderSpec, options?: AssembleOptions): EncoderDecoder;
export function assemble(spec: ImageEncoderSpec, options?: AssembleOptions): ImageEncoder;
export function assemble(spec: RnnEncoderDecoderSpec, options?: AssembleOptions): RnnEncoderDecoder;
export function assemble(spec: RnnSearchSpec, options?: AssembleOptions): RnnSearch;
export function assemble(spec: unknown, options?: AssembleOptions): Assembled;
export function assemble(spec: unknown, { seed = 0, kinds = standardKinds }: AssembleOptions = {}): Assembled {
  const checked = checkSpec(spec, kinds);
  const model = modelOf(checked, kinds, random(seed).fork("parameters"));
  const scheme = initialOf(checked, kinds);
  if (scheme !== undefined) initialise(model, scheme, random(seed).fork("initial"));
  return model;
}

/** What a spec may describe. */
export type Assembled = Decoder | Encoder | EncoderDecoder | ImageEncoder | RnnEncoderDecoder | RnnSearch;

function modelOf(spec: Spec, kinds: Kinds, stream: Random): Assembled {
  switch (spec.kind) {
    case "decoder":
      return new Decoder(spec, kinds, stream);
    case "encoder":
      return new Encoder(spec, kinds, stream);
    case "encoder-decoder":
      return new EncoderDecoder(spec, kinds, stream);
    case "image-encoder":
      return new ImageEncoder(spec, kinds, stream);
    case "rnn-encoder-decoder":
      return new RnnEncoderDecoder(spec, stream);
    case "rnn-search":
      return new RnnSearch(spec, stream);
  }
}
