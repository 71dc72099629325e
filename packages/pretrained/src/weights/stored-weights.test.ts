import type { Decoder } from "@tenon/models";
import { storeWeights } from "@tenon/nn";
import { cpu, ids, Scope, sizeOf, type Backend, type TensorType } from "@tenon/tensor";
import { expect, test } from "vitest";

import { goldenFolder } from "../../test/golden-folder.ts";
import { tinyLlama } from "../../test/tiny-llama.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import type { ModelFiles } from "../files/model-files.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { savePretrained } from "../save-pretrained.ts";

const logitsOf = async (model: unknown): Promise<number[]> => {
  using scope = new Scope();
  const decoder = model as Decoder;
  return [...(await scope.run(() => decoder.forward(ids([2, 5, 9], [1, 3], decoder.backend, { limit: 29 }))).read())];
};

/** A backend that tells of each upload how much it holds after it. */
function watched(seen: (type: TensorType, bytes: number) => void): Backend {
  const on = cpu();
  const plain = on.upload.bind(on);
  const upload: Backend["upload"] = (data, type, use) => {
    const made = plain(data, type, use);
    seen(type, on.memory().bytes);
    return made;
  };
  return Object.assign(on, { upload });
}

test.each(["mixtral", "gpt2", "phi3", "llama"])(
  "%s loaded in bf16 is what it is stored in bf16 after, and never was more",
  async (name) => {
    const { model } = await fromPretrained(goldenFolder(name));
    await storeWeights(model, "bf16");
    const uploads: TensorType[] = [];
    let most = 0;
    const on = watched((type, bytes) => {
      uploads.push(type);
      most = Math.max(most, bytes);
    });
    const { model: halved } = await fromPretrained(goldenFolder(name), { backend: on, weights: "bf16" });
    const matrices = uploads.filter(({ dtype }) => dtype === "bf16").reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const others = uploads.filter(({ dtype }) => dtype === "f32").reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect(matrices).toBeGreaterThan(others);
    expect(most).toBe(2 * matrices + 4 * others);
    expect(uploads).toHaveLength(halved.parameters().size);
    const types = (one: typeof model): string[] =>
      [...one.parameters()].map(([path, { type }]) => `${path} ${type.dtype}`);
    expect(types(halved)).toEqual(types(model));
    expect(await logitsOf(halved)).toEqual(await logitsOf(model));
  },
);

test("what was stored in bf16 comes back to the bit", async () => {
  const { model } = await fromPretrained(goldenFolder("llama"), { weights: "bf16" });
  const content = new Map<string, Uint8Array>();
  await savePretrained(model, filesInMemory(content), { storage: "BF16" });
  const read: number[] = [];
  const inner = filesInMemory(content);
  const files: ModelFiles = {
    ...inner,
    async open(path) {
      const file = (await inner.open(path))!;
      return file && { ...file, read: (begin, end) => (read.push(end - begin), file.read(begin, end)) };
    },
  };
  const { model: again } = await fromPretrained(files, { weights: "bf16" });
  expect(read).toContain(2 * 29 * 8); // the table, as it is
  const tables = [model, again].map((one) => one.parameters().get("embedding.tokens.table")!.host());
  expect(await tables[1]).toEqual(await tables[0]);
});

test("a number beyond f16 and a dtype that is none are refused", async () => {
  const { model } = await fromPretrained(goldenFolder("llama"));
  const table = model.parameters().get("output.weight")!;
  table.assign((await table.host()).fill(1e6));
  const content = new Map<string, Uint8Array>();
  await savePretrained(model, filesInMemory(content));
  await expect(fromPretrained(filesInMemory(content), { weights: "f16" })).rejects.toThrow(
    '"lm_head.weight" has the number 1000000, and f16 ends at 65504; load it with weights: "bf16", or "f32"',
  );
  await expect(fromPretrained(tinyLlama("llama").files, { weights: "i8" as "f32" })).rejects.toThrow(
    'fromPretrained: weights are "f32", "f16" or "bf16", got "i8"',
  );
});
