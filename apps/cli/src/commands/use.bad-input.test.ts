import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { describe } from "vitest";

import { makeBadModels, makeBadRuns, makeBadSpecs } from "../../test/bad-files.ts";
import { inFolderOf, refuses } from "../../test/refuses.ts";

inFolderOf(async (folder) => {
  await mkdir(join(folder, "nothing"));
  await makeBadSpecs(folder);
  await Promise.all([makeBadModels(folder), makeBadRuns(folder)]);
});

describe("the model", () => {
  const damaged =
    "The file is damaged, or was written by another version of Tenon: use another copy, or train it again.";
  refuses([
    [
      "missing",
      "generate --model none.safetensors --prompt O",
      "cannot read none.safetensors: there is no such file. Check the path.",
    ],
    [
      "a folder without one",
      "generate --model nothing --prompt O",
      /^error: the folder nothing has no model\.safetensors\. Name/,
    ],
    ["no safetensors", "generate --model broken.json --prompt O", /^error: broken\.json is not a safetensors file/],
    [
      "truncated",
      "generate --model truncated.safetensors --prompt O",
      /^error: truncated\.safetensors: tensor .* the file has only/,
    ],
    [
      "with a wrong header length",
      "generate --model header.safetensors --prompt O",
      /^error: header\.safetensors is not a safetensors file, or is damaged/,
    ],
    [
      "a stranger's",
      "inspect --model stranger.safetensors",
      'stranger.safetensors is a safetensors file, but no model of Tenon\'s: its metadata has no "tenon". Give a file that `tenon train` wrote.',
    ],
    [
      "a run's state",
      "generate --model run/checkpoints/step-00000000.safetensors --prompt O",
      /^error: run\/checkpoints\/step-00000000\.safetensors is the state of a training run, not a model\. Give the model\.safetensors in the folder above/,
    ],
    [
      "with metadata that is no JSON",
      "inspect --model not-json.safetensors",
      `not-json.safetensors: its metadata "tenon" is not valid JSON. ${damaged}`,
    ],
    [
      "with metadata of a newer version",
      "inspect --model newer.safetensors",
      /^error: newer\.safetensors: its metadata "tenon\.version" is wrong: .*The file is damaged, or was written by another version/,
    ],
    [
      "with more metadata than there is",
      "inspect --model extra.safetensors",
      /^error: extra\.safetensors: its metadata "tenon" is wrong: .*extra/,
    ],
    [
      "with a spec that is wrong",
      "inspect --model spec.safetensors",
      /^error: spec\.safetensors cannot be used: spec\.layers: .*many/,
    ],
    [
      "with a spec for other shapes",
      "inspect --model wider.safetensors",
      /^error: wider\.safetensors does not fit the model, and nothing was loaded:/,
    ],
    [
      "with another tokenizer",
      "inspect --model tokenizer.safetensors",
      /^error: tokenizer\.safetensors: its model has a vocabulary of \d+, but its tokenizer has 256 tokens\./,
    ],
    [
      "without one of its parameters",
      "inspect --model missing.safetensors",
      /1 missing from the file:\n +"norm\.weight"/,
    ],
    [
      "an encoder where a decoder is needed",
      "generate --model encoder --prompt O",
      /is an encoder, which fills in masked words or embeds and continues no text/,
    ],
    ["a decoder where an encoder is needed", "fill --model decoder [MASK]", /is a decoder, which continues texts/],
  ]);
});

describe("generate", () => {
  const model = "generate --model decoder --prompt";
  refuses([
    [
      "a prompt longer than the context",
      `${model} One_day,_Mia_the_fox`,
      "the prompt has 20 tokens, but the model's context holds 16. Shorten it by 4 tokens, or train a model with a larger --context.",
    ],
    [
      "a character that the model does not know",
      `${model} One_狐`,
      /^error: the prompt has the character "狐" \(line 1, column 5\), which is not among the \d+ tokens that this model knows: /,
    ],
    [
      "a prompt that is no UTF-8",
      "generate --model decoder",
      /^error: the prompt from stdin is not UTF-8: byte 1/,
      Uint8Array.of(0x61, 0xff),
    ],
    [
      "a temperature below 0",
      `${model} One --temperature -1`,
      '--temperature is a number above 0, got "-1". For the most probable token every time, use --greedy.',
    ],
    [
      "a temperature of 0",
      `${model} One --temperature 0`,
      '--temperature is a number above 0, got "0". For the most probable token every time, use --greedy.',
    ],
    ["top-k of 0", `${model} One --top-k 0`, '--top-k is a whole number of at least 1, got "0".'],
    ["top-p above 1", `${model} One --top-p 1.5`, '--top-p is a number above 0 and at most 1, got "1.5".'],
    ["no tokens", `${model} One --tokens 0`, '--tokens is a whole number of at least 1, got "0".'],
    [
      "greedy and chance",
      `${model} One --greedy --top-k 3 --seed 2`,
      "--greedy and --top-k and --seed contradict each other: --greedy leaves nothing to chance. Leave one of them out.",
    ],
  ]);
});

describe("fill and inspect", () => {
  refuses([
    [
      "a text without a mask",
      "fill --model encoder One_day",
      "there is no [MASK] in the text, so there is nothing to fill in. Write [MASK] in place of a word.",
    ],
    [
      "a word that the model does not know",
      "fill --model encoder Zebras_[MASK]",
      /^error: the text has the word "Zebras" \(line 1, column 1\), which is not among/,
    ],
    [
      "a text longer than the context",
      `fill --model encoder ${"[MASK]_".repeat(16)}[MASK]`,
      /^error: the text has 17 tokens, but the model's context holds 16\./,
    ],
    ["no words to show", "fill --model encoder --top 0 [MASK]", '--top is a whole number of at least 1, got "0".'],
    [
      "a model and a preset",
      "inspect --model decoder --preset gpt",
      "--model and --preset contradict each other: the file says what the model is. Leave one of them out.",
    ],
    [
      "sizes of nothing",
      "inspect --layers 3",
      "--layers is a size of a preset: say of which one with --preset gpt, bert or llama.",
    ],
    ["heads that do not divide the width", "inspect --preset gpt --heads 5", /heads/],
  ]);
});
