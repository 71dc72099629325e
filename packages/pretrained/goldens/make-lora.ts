// node --conditions=@tenon/source packages/pretrained/goldens/make-lora.ts <folder to write to>: adapters that Tenon made for the models of the golden folders, and its logits with them. check_lora.py calls it.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Decoder, Encoder, EncoderDecoder } from "@tenon/models";
import { attachLora, normal, unfreeze, type LoraOptions } from "@tenon/nn";
import { ids, random, type Tensor } from "@tenon/tensor";

import { filesInMemory } from "../src/files/files-in-memory.ts";
import { fromPretrained } from "../src/from-pretrained.ts";
import { loadLora } from "../src/lora/load-lora.ts";
import { saveLora } from "../src/lora/save-lora.ts";
import type { Pretrained } from "../src/pretrained.ts";
import { expectedOf, goldenFolder } from "../test/golden-folder.ts";

const target = process.argv[2];
if (target === undefined) throw new Error("name the folder to write to");
const prompt = [2, 5, 9, 13, 17, 21, 25];

const attention = ["**.query.weight", "**.value.weight"];
const maps = [...attention, "**.up.weight", "**.down.weight"];
const cases: Readonly<Record<string, Partial<LoraOptions> & { readonly trained?: string }>> = {
  llama: { targets: attention },
  "llama-3": {
    targets: [...maps, "**.gate.weight"],
    rank: (path) => 1 + (path.length % 3),
    alpha: (path) => path.length,
    rankStabilised: true,
  },
  gpt2: { targets: maps },
  "gpt-neox": { targets: "**.key.weight", rankStabilised: true },
  phi3: { targets: ["**.key.weight", "**.gate.weight", "blocks.1.attention.query.weight"] },
  qwen2: { targets: maps },
  gemma2: { targets: maps },
  BertForMaskedLM: { targets: [...maps, "head.transform.weight"] },
  BertModel: { targets: attention },
  BertForSequenceClassification: { targets: attention, trained: "head.output.*" },
  RobertaForTokenClassification: { targets: attention, trained: "head.output.*" },
  DistilBertForMaskedLM: { targets: maps },
  AlbertForMaskedLM: { targets: attention },
  t5: { targets: attention },
  bart: { targets: maps },
  marian: { targets: attention },
};

function logitsOf({ model }: Pretrained): Tensor {
  const on = (model as Decoder).backend;
  const at = ids(prompt, [1, prompt.length], on, { limit: 29 });
  if (model.spec.kind === "encoder-decoder")
    return (model as EncoderDecoder).forward(at, ids(prompt.slice(0, 4), [1, 4], on, { limit: 29 }));
  return model.spec.kind === "encoder" ? (model as Encoder).forward(at) : (model as Decoder).forward(at);
}

async function write(name: string, base: string, loaded: Pretrained): Promise<void> {
  const content = new Map<string, Uint8Array | Blob>();
  await saveLora(loaded, filesInMemory(content), { base });
  content.set("logits.json", new TextEncoder().encode(JSON.stringify([...(await logitsOf(loaded).read())])));
  for (const [path, bytes] of content) {
    const file = join(target!, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes as Uint8Array);
  }
}

for (const [base, { trained, ...options }] of Object.entries(cases)) {
  const loaded = await fromPretrained(goldenFolder(base));
  const lora = await attachLora(loaded.model, { rank: 2, alpha: 3, targets: attention, random: random(1), ...options });
  for (const [path, { adapter }] of lora.weights) adapter.b.initialise(normal(random(2).fork(path), 0.4));
  if (trained !== undefined) {
    for (const path of unfreeze(loaded.model, trained))
      loaded.model
        .parameters()
        .get(path)!
        .initialise(normal(random(3).fork(path), 0.5));
  }
  await write(base, base, loaded);
}
// The way there and back: what PEFT wrote, loaded and saved again.
for (const name of ["llama", "llama-patterns", "gpt2", "gpt-neox", "phi3", "bert", "bert-classes"]) {
  const { base } = expectedOf<{ base: string }>(`lora/${name}`);
  const loaded = await fromPretrained(goldenFolder(base));
  await loadLora(loaded, goldenFolder(`lora/${name}`));
  await write(`${name} again`, base, loaded);
}
