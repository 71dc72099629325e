import type { Lora } from "@tenon/nn";
import { wholeWeight } from "@tenon/nn";
import { scoped } from "@tenon/tensor";

/**
 * Runs `body` while each weight holds what it is with its adapter, W + s B A, and has none; then each is what it was, to the last bit, and training
 * can go on.
 */
export async function withMergedWeights<T>(lora: Lora | undefined, body: () => Promise<T>): Promise<T> {
  const undo: (() => void)[] = [];
  try {
    for (const { weight, adapter } of lora?.weights.values() ?? []) {
      const before = await weight.host();
      using merged = scoped(() => wholeWeight(weight));
      const values = await merged.read();
      undo.push(() => {
        weight.become(weight.type, before);
        weight.adapter = adapter;
      });
      weight.become(weight.type, values);
      weight.adapter = undefined;
    }
    return await body();
  } finally {
    for (const each of undo) each();
  }
}
