import type { EncoderDecoderSpec } from "@tenon/models";

import { renamed } from "../names/name-rule.ts";
import { bartConfig, bartNames, bartSpec, sharedTable } from "./bart.ts";
import { cannot, encoderDecoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";

/**
 * Marian, of the OPUS translation models: BART with sinusoids, all sines first, and without a norm of the embeddings. Source and target may have
 * vocabularies of their own.
 *
 * Junczys-Dowmunt et al. 2018, "Marian: Fast neural machine translation in C++"; Tiedemann and Thottingal 2020, "OPUS-MT – Building open translation services
 * for the world".
 */
export const marian: Family = {
  type: "marian",
  architectures: ["MarianMTModel", "MarianModel"],
  base: "model.",
  computed: [/^(model\.)?(encoder|decoder)\.embed_positions\.weight$/],

  spec(config, _, holds): EncoderDecoderSpec {
    const source = config.size("vocab_size");
    const shared = config.flag("share_encoder_decoder_embeddings", true);
    const common = bartSpec(config, holds, {
      position: { kind: "sinusoidal", layout: "half-split" },
      embeddingNorm: false,
    });
    return shared
      ? { ...common, vocabulary: source }
      : { ...common, vocabulary: config.size("decoder_vocab_size", source), sourceVocabulary: source };
  },
  config(spec) {
    const { encoder, decoder, vocabulary, sourceVocabulary } = encoderDecoderOf("marian", spec);
    for (const [side, { position, embeddingNorm }] of Object.entries({ encoder, decoder })) {
      partOf("marian", `${side}.position`, position, "sinusoidal", { layout: ["half-split"] });
      if (embeddingNorm) throw cannot("marian", `${side}.embeddingNorm`, embeddingNorm, "false");
    }
    const common = bartConfig("marian", spec);
    return {
      ...common,
      ...(common["activation_function"] === "silu" && { activation_function: "swish" }),
      vocab_size: sourceVocabulary ?? vocabulary,
      decoder_vocab_size: vocabulary,
      share_encoder_decoder_embeddings: sourceVocabulary === undefined,
    };
  },
  names(spec) {
    const shared = encoderDecoderOf("marian", spec).sourceVocabulary === undefined;
    const table = (side: string): string => (shared ? "model.shared.weight" : `model.${side}.embed_tokens.weight`);
    return [
      ...bartNames,
      ...["encoder", "decoder"].flatMap((side) =>
        renamed({
          [`${side}.embedding.tokens.table`]: table(side),
          [`${side}.embedding.tokens.tokens.table`]: table(side),
        }),
      ),
    ];
  },
  repeated: (spec) =>
    encoderDecoderOf("marian", spec).sourceVocabulary === undefined
      ? sharedTable
      : { "lm_head.weight": "model.decoder.embed_tokens.weight" },
};
