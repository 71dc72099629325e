// A whole model: one training step and one decoded token of nanoGPT's setting for a CPU (4 layers, 4 heads, width 128, 64 tokens, batch 12).
import { wasm } from "@tenon/backend-wasm";
import { assemble, gpt } from "@tenon/models";
import { valueAndGrad } from "@tenon/nn";
import { cpu, crossEntropy, ids, reshape, Scope, type Backend, type Tensor } from "@tenon/tensor";

import { medians } from "./measure.ts";

const sizes = { vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 };
const batch = 12;

export async function model(): Promise<void> {
  for (const on of [cpu(), await wasm({ threads: 1 }), await wasm()]) await modelOn(on);
}

async function modelOn(on: Backend): Promise<void> {
  const gpt128 = await assemble(gpt(sizes)).to(on);
  const count = [...gpt128.parameters().values()].reduce(
    (sum, { type }) => sum + type.shape.reduce((a, b) => a * b, 1),
    0,
  );
  const tokens = (length: number, rows: number): Tensor => tokensOf(on, length, rows);
  const cache = gpt128.cache();
  const times = await medians(
    {
      "forward and backward": () => {
        using scope = new Scope();
        scope.run(() => {
          const x = tokens(sizes.context, batch);
          const { value, gradients } = valueAndGrad(gpt128, () =>
            crossEntropy(
              reshape(gpt128.forward(x), [x.shape[0]! * sizes.context, sizes.vocabulary]),
              reshape(x, [x.shape[0]! * sizes.context]),
            ),
          );
          for (const gradient of gradients.values()) gradient[Symbol.dispose]();
          value[Symbol.dispose]();
        });
      },
      "one token with the cache half full": () => {
        using scope = new Scope();
        scope.run(() => {
          if (cache.length === 0 || cache.length === sizes.context) {
            cache.reset();
            gpt128.next(tokens(sizes.context / 2, 1), cache);
          }
          gpt128.next(tokens(1, 1), cache);
        });
      },
    },
    4000,
  );
  console.log(`\nnanoGPT's CPU setting, ${count} parameters, on ${on.name} (median)\n`);
  const step = times.get("forward and backward")!;
  const operations = 6 * count * batch * sizes.context;
  console.log(
    `forward and backward of ${batch} × ${sizes.context} tokens ${step.toFixed(0)} ms, ${((batch * sizes.context) / step).toFixed(2)} tokens/ms, ${(operations / step / 1e6).toFixed(2)} G operations/s`,
  );
  console.log(
    `one token with the cache, 33 to 64 positions ${times.get("one token with the cache half full")!.toFixed(2)} ms`,
  );
}

function tokensOf(on: Backend, length: number, rows: number): Tensor {
  return ids(
    Int32Array.from({ length: rows * length }, (_, i) => (i * 7) % sizes.vocabulary),
    [rows, length],
    on,
    { limit: sizes.vocabulary },
  );
}
