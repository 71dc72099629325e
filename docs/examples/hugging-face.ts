// A model in the layout of Hugging Face, made from nothing: a tokenizer trained on a text, a model assembled from a spec, saved, and loaded again. The same three
// lines load what others have trained: fromPretrained("owner/name") from the Hub, fromPretrained("./folder") from a disk.
import { assemble, Decoder, llama } from "@tenon/models";
import { filesInMemory, fromPretrained, savePretrained } from "@tenon/pretrained";
import { generate } from "@tenon/sampling";
import { cpu } from "@tenon/tensor";
import { huggingFaceTokenizer, trainBytePairs } from "@tenon/tokenizers";

const text = "the fox ran home. the cat ran home, too. the fox and the cat sat down.";
const json = await trainBytePairs([text], { maximumSize: 280, special: { begin: "<|begin|>", end: "<|end|>" } });
const { size } = huggingFaceTokenizer(json);
const spec = llama({ vocabulary: size, context: 64, width: 32, layers: 2, heads: 4, hidden: 88 });
const made = await assemble(spec, { seed: 7 }).to(cpu());

// A folder in memory; `folder("my-model")` of @tenon/pretrained/node is one on a disk. Python reads it with AutoModelForCausalLM and AutoTokenizer.
const files = filesInMemory();
await savePretrained(made, files);
await files.write("tokenizer.json", [new TextEncoder().encode(JSON.stringify(json))]);

const { model, tokenizer, family, architecture } = await fromPretrained(files);
if (!(model instanceof Decoder) || tokenizer === undefined) throw new Error("it was a decoder with a tokenizer");
console.log(architecture, "of the family", family);

const { ids, offsets } = tokenizer.encoding("the fox sat.");
console.log(ids.map((id, i) => `${tokenizer.token(id)} ${offsets[i]!.join("–")}`).join(" | "));

const [once, again] = await Promise.all(
  [made, model].map(async (one) => {
    const found: number[] = [];
    for await (const { id } of generate(one, ids, { maxTokens: 8 })) found.push(id);
    return found.join(" ");
  }),
);
console.log(once === again ? "the same text as before" : "another text");

// prints:
// LlamaForCausalLM of the family llama
// the 0–3 | Ġfox 3–7 | Ġ 7–8 | s 8–9 | at 9–11 | . 11–12
// the same text as before
