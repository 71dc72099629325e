import { vectorsOf } from "../image/vectors-of.ts";
import type { DecoderSpec, EncoderDecoderSpec, EncoderSpec, ImageEncoderSpec } from "../spec.ts";
import type { Printable } from "./expression.ts";

/** What can be printed. */
export type PrintedSpec = DecoderSpec | EncoderSpec | EncoderDecoderSpec | ImageEncoderSpec;

/** The constants that a printed module may begin with: those that it uses are written. */
export function constantsOf(spec: PrintedSpec): Readonly<Record<string, Printable>> {
  if (spec.kind === "image-encoder") {
    const { width, layers, dropout } = spec;
    return { context: vectorsOf(spec), width, layers, dropout };
  }
  const { vocabulary, width, dropout } = spec;
  const tokenWidth = spec.tokens?.width ?? width;
  if (spec.kind !== "encoder-decoder") {
    const { context, layers } = spec;
    return { vocabulary, context, width, tokenWidth, layers, dropout };
  }
  const { encoder, decoder, sourceVocabulary } = spec;
  return {
    ...{ vocabulary, sourceVocabulary },
    ...{ context: decoder.context, sourceContext: encoder.context },
    ...{ width, tokenWidth },
    ...{ encoderLayers: encoder.layers, decoderLayers: decoder.layers },
    dropout,
  };
}
