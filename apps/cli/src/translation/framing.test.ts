import { huggingFaceTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { framingOf } from "./framing.ts";

const [begin, end] = [3, 4];
const special = { "<s>": begin, "</s>": end };

/** One that puts <s> and </s> around what it reads, as BART's does. */
const tokenizer = huggingFaceTokenizer(
  {
    version: "1.0",
    added_tokens: Object.entries(special).map(([content, id]) => ({ id, content, special: true, normalized: false })),
    pre_tokenizer: { type: "Whitespace" },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        { SpecialToken: { id: "<s>", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { SpecialToken: { id: "</s>", type_id: 0 } },
      ],
      pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
      special_tokens: Object.fromEntries(
        Object.entries(special).map(([id, number]) => [id, { id, ids: [number], tokens: [id] }]),
      ),
    },
    model: { type: "WordLevel", vocab: { "[UNK]": 0, mia: 1, ran: 2 }, unk_token: "[UNK]" },
  },
  { bos_token: "<s>", eos_token: "</s>" },
);

const origin = { family: "bart", architecture: "BartForConditionalGeneration" };

test("pairs are framed as the configs say, the generation's before the model's", () => {
  const config = { decoder_start_token_id: 9, bos_token_id: 3, eos_token_id: 9 };
  const framing = framingOf(tokenizer, { ...origin, config, generation: { eos_token_id: [end], bos_token_id: 7 } });
  expect(framing).toMatchObject({ begin: 9, end });
  expect(framing.source("mia ran")).toEqual([begin, 1, 2, end]);
  // The batches put the end behind it, once.
  expect(framing.target("ran")).toEqual([begin, 2]);
  expect(framingOf(tokenizer, { ...origin, config: { ...config, eos_token_id: 8 } }).target("ran")).toEqual([3, 2, 4]);
});

test("without configs there are the marks of `tenon train`", () => {
  const framing = framingOf(tokenizer);
  expect(framing).toMatchObject({ begin, end });
  expect([framing.source("mia"), framing.target("mia")]).toEqual([[1, end], [1]]);
  expect(() => framingOf(tokenizer, { ...origin, name: "me/it", config: { eos_token_id: 4 } })).toThrow(
    'the configs of me/it do not say "decoder_start_token_id" or "bos_token_id", so it cannot be trained on pairs. Write it into its generation_config.json.',
  );
});
