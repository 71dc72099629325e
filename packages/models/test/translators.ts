// Recurrent translators for the tests.
import type { Backend } from "@tenon/tensor";

import { assemble } from "../src/assemble.ts";
import { rnnEncoderDecoder, rnnSearch, type RecurrentSizes } from "../src/recurrent/presets.ts";
import type { RecurrentTranslator } from "../src/recurrent/recurrent-translator.ts";
import { fill } from "./models.ts";

export type TranslatorName = "rnn-encoder-decoder" | "rnn-search";
export const translators: readonly TranslatorName[] = ["rnn-encoder-decoder", "rnn-search"];
export const sizes: RecurrentSizes = { sourceVocabulary: 11, vocabulary: 9, width: 5, hidden: 6, readout: 4 };

/** One of them, every parameter filled, large enough for a token to matter. */
export async function translator(name: TranslatorName, on: Backend): Promise<RecurrentTranslator> {
  const model =
    name === "rnn-search" ? assemble(rnnSearch({ ...sizes, alignment: 3 })) : assemble(rnnEncoderDecoder(sizes));
  await model.to(on);
  fill(model, 2);
  return model;
}
