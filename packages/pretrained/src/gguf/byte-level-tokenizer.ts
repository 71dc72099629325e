import type { Json } from "@tenon/tensor";

import { ggufProblem } from "./gguf-problem.ts";
import { tokenTypes, type GgufVocabulary } from "./gguf-vocabulary.ts";

/** How a text is cut before it is merged, and what goes with it: GGUF keeps only its name. */
interface Split {
  readonly normalizer?: Json;
  /** What cuts a text; without one, the expression of GPT-2 that ByteLevel itself has. */
  readonly before?: Json;
  readonly ownExpression: boolean;
  readonly wholeWords?: boolean;
  readonly beginning?: boolean;
}

const expression = (digits: string): Json => ({
  type: "Split",
  pattern: {
    Regex: String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  },
  behavior: "Isolated",
  invert: false,
});
const gpt2: Split = { ownExpression: false };
const llama3: Split = {
  before: expression(String.raw`\p{N}{1,3}`),
  ownExpression: true,
  wholeWords: true,
  beginning: true,
};
const qwen2: Split = { normalizer: { type: "NFC" }, before: expression(String.raw`\p{N}`), ownExpression: true };
const smollm: Split = { before: { type: "Digits", individual_digits: true }, ownExpression: false };

const splits: Readonly<Record<string, Split>> = {
  "gpt-2": gpt2,
  "phi-2": gpt2,
  "llama-bpe": llama3,
  "llama-v3": llama3,
  llama3,
  qwen2,
  "deepseek-r1-qwen": qwen2,
  smollm,
};

/** tokenizer.json of byte-level BPE (Radford et al. 2019, "Language models are unsupervised multitask learners"). */
export function byteLevelTokenizer(vocabulary: GgufVocabulary): Readonly<Record<string, Json>> {
  const pre = vocabulary.get("pre");
  if (typeof pre !== "string" || !Object.hasOwn(splits, pre))
    throw vocabulary.problem("pre", `one of ${Object.keys(splits).join(", ")}, whose splits Tenon knows`);
  const { normalizer = null, before, ownExpression, wholeWords = false, beginning = false } = splits[pre]!;
  const bytes = (use_regex: boolean, add_prefix_space = false): Json => ({
    type: "ByteLevel",
    add_prefix_space,
    trim_offsets: true,
    use_regex,
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: vocabulary.added(tokenTypes.control, tokenTypes.userDefined),
    normalizer,
    pre_tokenizer:
      before === undefined ? bytes(true) : { type: "Sequence", pretokenizers: [before, bytes(!ownExpression)] },
    post_processor: vocabulary.frame({ beginning }),
    decoder: bytes(true, true), // what a decoder does not heed
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: wholeWords,
      vocab: vocabulary.vocabulary,
      merges: mergesOf(vocabulary),
    },
  };
}

/** "a b" as [a, b]: a token of byte-level BPE has no space in it, for bytes that are spaces are written as other characters. */
function mergesOf(vocabulary: GgufVocabulary): Json {
  return vocabulary.strings("merges").map((merge) => {
    const [left, right, ...rest] = merge.split(" ");
    const known =
      left !== undefined &&
      right !== undefined &&
      rest.length === 0 &&
      [left, right, left + right].every((part) => vocabulary.ids.has(part));
    if (!known)
      throw ggufProblem(
        vocabulary.file,
        "tokenizer.ggml.merges",
        "two tokens with a space between, which give a token",
        merge,
      );
    return [left, right];
  });
}
