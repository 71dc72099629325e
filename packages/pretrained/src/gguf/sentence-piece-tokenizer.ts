import type { Json } from "@tenon/tensor";

import { tokenTypes, type GgufVocabulary } from "./gguf-vocabulary.ts";

const space = "▁";
const special = (content: string): Json => ({ String: content });

/**
 * tokenizer.json of SentencePiece's BPE, as Llama 2 and Mistral have it: spaces are a character like any other, and what no token covers is spelled in bytes
 * (Kudo and Richardson 2018, "SentencePiece").
 */
export function sentencePieceTokenizer(vocabulary: GgufVocabulary): Readonly<Record<string, Json>> {
  const unknown = vocabulary.token("unknown_token_id", 0)!;
  const inFront = vocabulary.flag("add_space_prefix", true);
  const replace = { type: "Replace", pattern: special(" "), content: space };
  const decoders: Json[] = [
    { type: "Replace", pattern: special(space), content: " " },
    { type: "ByteFallback" },
    { type: "Fuse" },
    ...(inFront ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : []),
  ];
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: vocabulary.added(tokenTypes.unknown, tokenTypes.control, tokenTypes.userDefined),
    normalizer: inFront ? { type: "Sequence", normalizers: [{ type: "Prepend", prepend: space }, replace] } : replace,
    pre_tokenizer: null,
    post_processor: vocabulary.frame({ beginning: true, bos: 1, eos: 2 }),
    decoder: { type: "Sequence", decoders },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: unknown,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: vocabulary.vocabulary,
      merges: mergesByScore(vocabulary),
    },
  };
}

interface Merge {
  readonly left: string;
  readonly right: string;
  readonly score: number;
}

/**
 * SentencePiece has scores instead of merges: of all neighbours that give a token, those merge whose token has the highest. So each way to cut a token in two tokens is
 * a merge, and they come in the order of the scores.
 */
function mergesByScore(vocabulary: GgufVocabulary): Json {
  const { tokens, ids, types } = vocabulary;
  const scores = vocabulary.numbers("scores");
  const isNormal = (token: string): boolean => types[ids.get(token) ?? -1] === tokenTypes.normal;
  const merges = tokens.flatMap((token, id): Merge[] => {
    if (types[id] !== tokenTypes.normal) return [];
    const characters = [...token];
    return characters.slice(1).flatMap((_, i) => {
      const [left, right] = [characters.slice(0, i + 1).join(""), characters.slice(i + 1).join("")];
      return isNormal(left) && isNormal(right) ? [{ left, right, score: scores[id]! }] : [];
    });
  });
  return merges.sort((a, b) => b.score - a.score).map(({ left, right }) => [left, right]);
}
