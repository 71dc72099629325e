// From GPT-2's decoder to Llama's, one change after the other. Each is one key of the spec; what it does to the parameters and to the cache is counted.
import { assemble, Decoder, describe, gpt, llama, type DecoderSpec } from "@tenon/models";
import { cpu, dryRun, scoped, zeros } from "@tenon/tensor";

const sizes = { vocabulary: 32000, context: 2048, width: 1024, layers: 16, heads: 16 };
const changes: Record<string, Partial<DecoderSpec>> = {
  "GPT-2": {},
  "rotary positions": { position: { kind: "rotary" } },
  "RMS norms": { norm: { kind: "rms-norm", epsilon: 1e-5 } },
  "SwiGLU of 2/3 the width": { feedForward: { kind: "gated-mlp", hidden: 2752 } },
  "no biases": { attention: { kind: "multi-head", heads: 16, bias: false } },
  "4 key-value heads": { attention: { kind: "multi-head", heads: 16, bias: false, keyValueHeads: 4 } },
  "an output of its own": { tied: false },
};
let spec = gpt(sizes);
for (const [name, change] of Object.entries(changes)) {
  spec = { ...spec, ...change };
  const on = dryRun({ like: cpu() });
  const model = await assemble(spec).to(on);
  if (!(model instanceof Decoder)) throw new Error("this spec should describe a decoder");
  const { bytes } = on.memory();
  const cache = model.cache(16);
  scoped(() => void model.next(zeros([1, 1], on, "i32"), cache));
  const cached = (on.memory().bytes - bytes) / 16 / 1024;
  console.log(name.padEnd(24), describe(model).count.toLocaleString("en").padStart(11), `cache ${cached} KiB a token`);
}
const same =
  describe(assemble(llama({ ...sizes, keyValueHeads: 4, hidden: 2752 }))).count === describe(assemble(spec)).count;
console.log(same ? "which is Llama" : "which is not Llama yet");

// prints:
// GPT-2                    236,406,784 cache 128 KiB a token
// rotary positions         234,309,632 cache 128 KiB a token
// RMS norms                234,275,840 cache 128 KiB a token
// SwiGLU of 2/3 the width  235,242,496 cache 128 KiB a token
// no biases                235,176,960 cache 128 KiB a token
// 4 key-value heads        210,011,136 cache 32 KiB a token
// an output of its own     242,779,136 cache 32 KiB a token
// which is Llama
