import { assemble, type Assembled } from "./assemble.ts";
import { Decoder } from "./decoder.ts";
import { sketchOf } from "./diagram/sketch-of.ts";
import { svgOf } from "./diagram/svg.ts";
import { textOf } from "./diagram/text.ts";
import { EncoderDecoder } from "./encoder-decoder/encoder-decoder.ts";
import { Encoder } from "./encoder.ts";
import { expectShown } from "./expect-shown.ts";
import { ImageEncoder } from "./image/image-encoder.ts";
import type { Kinds } from "./kinds/registry.ts";
import { standardKinds } from "./kinds/standard.ts";
import { RnnEncoderDecoder } from "./recurrent/rnn-encoder-decoder.ts";
import { RnnSearch } from "./recurrent/rnn-search.ts";

/** What {@link diagram} may be told. */
export interface DiagramOptions {
  /** The kinds that the spec names. Default: those that Tenon brings. */
  readonly kinds?: Kinds | undefined;
}

/** A picture of a model, in two forms. */
export interface Diagram {
  /** In box-drawing characters, for terminals and comments. */
  readonly text: string;
  /** A file in SVG, with nothing outside it: it is light or dark as the page is, and has a title and a description for those who do not see it. A box that a key of the spec is about names it: `data-spec="decoder.attention"`. */
  readonly svg: string;
}

/**
 * Draws how a model is wired: the embedding and its positions, one block as its residual scheme has it, how many of them there are, the final norm and the
 * head, each with its options, shapes and parameters; of an encoder–decoder first the side that reads, and below it the side that looks at its memory. Takes a model, or a spec, whose values are never computed.
 *
 * A residual scheme of your own says its wiring by the function `wiring` of its kind; one without is drawn as one box.
 *
 * Throws `ConfigError` for what `assemble` refuses, and for recurrent translators.
 *
 * @example
 * ```ts
 * const { text } = diagram(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 }));
 * console.log(text.includes("MultiHeadAttention"), text.includes("4 blocks")); // true true
 * ```
 */
export function diagram(of: unknown, { kinds = standardKinds }: DiagramOptions = {}): Diagram {
  const model = expectShown("diagram", isModel(of) ? of : assemble(of, { kinds }), drawn);
  const sketch = sketchOf(model, kinds);
  return { text: textOf(sketch), svg: svgOf(sketch, model) };
}

const drawn = ["decoder", "encoder", "encoder-decoder", "image-encoder"] as const;
const models = [Decoder, Encoder, EncoderDecoder, ImageEncoder, RnnEncoderDecoder, RnnSearch];
const isModel = (of: unknown): of is Assembled => models.some((model) => of instanceof model);
