// How does the little model that comes with Tenon know whether to go on with "he" or with "she"? Ways to find out that leave the model as it is:
// `trace` reads what passes its named points, and `patch` changes it there, with `replace`, `ablate` or `addDirection`.
import { fileURLToPath } from "node:url";

import { loadParameters } from "@tenon/checkpoint";
import { readSafetensors } from "@tenon/checkpoint/node";
import { assemble, type DecoderSpec } from "@tenon/models";
import { ablate, addDirection, patch, replace, trace } from "@tenon/nn";
import { cpu, ids, reshape, slice, sub, type Tensor } from "@tenon/tensor";
import { loadTokenizer } from "@tenon/tokenizers";

const shipped = new URL("../../apps/cli/models/story-decoder.safetensors", import.meta.url);
const file = await readSafetensors(fileURLToPath(shipped));
const { spec, tokenizer: words } = JSON.parse(file.metadata["tenon"]!) as {
  spec: DecoderSpec;
  tokenizer: unknown;
};
const [model, tokenizer, on] = [assemble(spec), loadTokenizer(words), cpu()];
loadParameters(await model.to(on), file);

function read(text: string): Tensor {
  const tokens = tokenizer.encode(text);
  return model.forward(ids(tokens, [1, tokens.length], on, { limit: model.vocabulary }));
}
/** By how much it finds "she" likelier than "he" as the next word: the difference of their logits. */
async function preference(logits: Tensor): Promise<string> {
  const last = (await logits.read()).slice(-model.vocabulary);
  const [she, he] = [" she", " he"].map((word) => last[tokenizer.encode(word)[0]!]!);
  return (she! - he!).toFixed(1);
}

const story = (name: string): string =>
  `One day ${name} saw a butterfly and ran after it, far into the forest. Soon it got dark. "Where is my house?"`;
const { output, taps } = trace(model, ["blocks.*.attentionResidual.added"], () => read(story("Lily")));
console.log("Lily:", await preference(output), "Tom:", await preference(read(story("Tom"))));

// Tom's story with what one layer's attention adds in Lily's. The first spreads the name, the last brings it to where the word is chosen.
for (const [name, [added]] of Object.entries(taps)) {
  const mixed = patch(model, { [name]: replace(added!) }, () => read(story("Tom")));
  console.log(`Tom with Lily's ${name}:`, await preference(mixed));
}

// Lily's story without one head of the last layer [b, h, t, k]. It is one of them that knows.
for (const head of [0, 1, 2, 3]) {
  const silenced = { "blocks.3.attention.heads": ablate({ axis: 1, indices: [head] }) };
  console.log(`Lily without head ${head}:`, await preference(patch(model, silenced, () => read(story("Lily")))));
}

// What tells Lily from Tom where their names stand, as a direction in the residual stream, makes Tom's story go on as Lily's.
function endOf(text: string): Tensor {
  const [stream] = trace(model, ["blocks.1.output"], () => read(text)).taps["blocks.1.output"]!;
  return reshape(slice(stream!, 1, stream!.shape[1]! - 1, 1), [spec.width]); // [1, t, d] → [d]
}
const her = sub(endOf("One day Lily"), endOf("One day Tom"));
const steered = patch(model, { "blocks.1.output": addDirection(her, 2) }, () => read(story("Tom")));
console.log("Tom steered:", await preference(steered));

// prints:
// Lily: 5.1 Tom: -4.3
// Tom with Lily's blocks.0.attentionResidual.added: 5.0
// Tom with Lily's blocks.1.attentionResidual.added: -4.5
// Tom with Lily's blocks.2.attentionResidual.added: -4.5
// Tom with Lily's blocks.3.attentionResidual.added: 5.0
// Lily without head 0: 5.1
// Lily without head 1: 0.2
// Lily without head 2: 5.3
// Lily without head 3: 5.3
// Tom steered: 4.0
