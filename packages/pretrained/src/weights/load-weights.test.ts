import { expect, test } from "vitest";

import { tinyLlama } from "../../test/tiny-llama.ts";
import type { ModelFiles } from "../files/model-files.ts";
import { fromPretrained } from "../from-pretrained.ts";

test("the largest tensors are read first, when nothing else takes memory yet", async () => {
  const { files } = tinyLlama("llama");
  const read: number[] = [];
  const counting: ModelFiles = {
    name: files.name,
    async open(path) {
      const file = await files.open(path);
      if (file === undefined || !path.endsWith(".safetensors")) return file;
      return {
        ...file,
        read(begin, end) {
          read.push(end - begin);
          return file.read(begin, end);
        },
      };
    },
  };
  const { model } = await fromPretrained(counting);
  const sizes = read.slice(-model.parameters().size);
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  expect(sizes[0]).toBeGreaterThan(sizes.at(-1)!);
});
