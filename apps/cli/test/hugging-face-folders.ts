import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { assemble, bart, bert, llama, type Spec } from "@tenon/models";
import { savePretrained, type SavePretrainedOptions } from "@tenon/pretrained";
import { folder } from "@tenon/pretrained/node";
import { trainBytePairs, trainWordPieces } from "@tenon/tokenizers";

const texts = ["Mia ran home.", "Tom ran, too!", "the fox ate a red apple"];

/** Folders as Hugging Face's libraries write them, of tiny untrained models: lm, masked, classes, names, sentences and translator. */
export async function makeHuggingFaceFolders(at: string): Promise<void> {
  const bytes = await trainBytePairs(texts, { maximumSize: 280, special: { begin: "<|begin|>", end: "<|end|>" } });
  const words = await trainWordPieces(texts, {
    maximumSize: 70,
    special: { pad: "[PAD]", unknown: "[UNK]", classification: "[CLS]", separator: "[SEP]", mask: "[MASK]" },
  });
  const sizes = { context: 32, width: 16, layers: 1, heads: 2 };
  const wordSizes = { ...sizes, vocabulary: Object.keys((words.model as { vocab: object }).vocab).length };
  const byteSizes = { ...sizes, vocabulary: 300 };
  const roles = {
    pad_token: "[PAD]",
    unk_token: "[UNK]",
    cls_token: "[CLS]",
    sep_token: "[SEP]",
    mask_token: "[MASK]",
  };
  const make = async (
    name: string,
    spec: Spec,
    tokenizer: object,
    config: object,
    options: SavePretrainedOptions = {},
  ): Promise<void> => {
    const target = join(at, name);
    await savePretrained(assemble(spec, { seed: 1 }), folder(target), options);
    await writeFile(join(target, "tokenizer.json"), JSON.stringify(tokenizer));
    await writeFile(join(target, "tokenizer_config.json"), JSON.stringify(config));
  };
  const head = (head: object): Spec => ({ ...bert(wordSizes), head }) as Spec;
  const chat_template =
    "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
  await make("lm", llama({ ...byteSizes, hidden: 24 }), bytes, {
    bos_token: "<|begin|>",
    eos_token: "<|end|>",
    chat_template,
  });
  await make("masked", bert(wordSizes), words, roles);
  const labels = (...names: string[]): SavePretrainedOptions => ({ config: { id2label: { ...names } } });
  await make("classes", head({ kind: "classification", labels: 3 }), words, roles, labels("sad", "calm", "glad"));
  await make("names", head({ kind: "token-classification", labels: 2 }), words, roles, {
    ...labels("O", "NAME"),
    architecture: "BertForTokenClassification",
  });
  await make("sentences", head({ kind: "sentence", normalise: true }), words, roles);
  await make(
    "translator",
    bart({ ...byteSizes, hidden: 24 }),
    bytes,
    { bos_token: "<|begin|>", eos_token: "<|end|>" },
    {
      generation: { decoder_start_token_id: 0, eos_token_id: 1, num_beams: 2, max_length: 12 },
    },
  );
}
