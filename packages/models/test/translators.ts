// Recurrent translators for the tests.
import { random, type Backend } from "@tenon/tensor";

import { rnnEncoderDecoder, rnnSearch, type RecurrentSizes } from "../src/recurrent/presets.ts";
import type { RecurrentTranslator } from "../src/recurrent/recurrent-translator.ts";
import { RnnEncoderDecoder } from "../src/recurrent/rnn-encoder-decoder.ts";
import { RnnSearch } from "../src/recurrent/rnn-search.ts";
import { fill } from "./models.ts";

export type TranslatorName = "rnn-encoder-decoder" | "rnn-search";
export const translators: readonly TranslatorName[] = ["rnn-encoder-decoder", "rnn-search"];
export const sizes: RecurrentSizes = { sourceVocabulary: 11, vocabulary: 9, width: 5, hidden: 6, readout: 4 };

/** One of them, every parameter filled, large enough for a token to matter. */
export async function translator(name: TranslatorName, on: Backend): Promise<RecurrentTranslator> {
  const model =
    name === "rnn-search"
      ? new RnnSearch(rnnSearch({ ...sizes, alignment: 3 }), random(1))
      : new RnnEncoderDecoder(rnnEncoderDecoder(sizes), random(1));
  await model.to(on);
  fill(model, 2);
  return model;
}
