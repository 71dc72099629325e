import { ConfigError } from "@tenon/tensor";

import type { Decoder } from "./decoder.ts";
import { EncoderDecoder } from "./encoder-decoder/encoder-decoder.ts";
import type { Encoder } from "./encoder.ts";

/** The model, if it is of one stack of blocks. Throws `ConfigError`, in the name of a function, for one that it cannot show yet. */
export function expectOneStack(what: string, model: Decoder | Encoder | EncoderDecoder): Decoder | Encoder {
  if (!(model instanceof EncoderDecoder)) return model;
  throw new ConfigError(
    `${what}: it shows decoders and encoders, and this is an encoder–decoder, of two stacks; describe() lists its parts`,
    { what, kind: model.spec.kind },
  );
}
