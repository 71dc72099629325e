import { ConfigError } from "@tenon/tensor";

import type { Assembled } from "./assemble.ts";
import { Decoder } from "./decoder.ts";
import { Encoder } from "./encoder.ts";

/** The model, if it is of one stack of blocks that reads ids. Throws `ConfigError`, in the name of a function, for one that it cannot show yet. */
export function expectOneStack(what: string, model: Assembled): Decoder | Encoder {
  if (model instanceof Decoder || model instanceof Encoder) return model;
  const { kind } = model.spec;
  throw new ConfigError(
    `${what}: it shows decoders and encoders, and this is ${others[kind]}; describe() lists its parts`,
    { what, kind },
  );
}

const others: Readonly<Record<Exclude<Assembled["spec"]["kind"], "decoder" | "encoder">, string>> = {
  "encoder-decoder": "an encoder–decoder, of two stacks",
  "image-encoder": "an image encoder, of patches",
  "rnn-encoder-decoder": "a recurrent translator",
  "rnn-search": "a recurrent translator",
};
