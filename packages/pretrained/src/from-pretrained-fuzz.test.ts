// Whatever is wrong in a folder: one CheckpointError, or a model that is whole.
import { cpu, isTenonError, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { spoil } from "../test/spoil.ts";
import { tinyLlama } from "../test/tiny-llama.ts";
import { fromPretrained } from "./from-pretrained.ts";

test.each(["llama", "gemma3", "gpt-neo", "phi3-long", "mixtral", "AlbertForPreTraining", "sentences-dense"])(
  "configs of %s with odd values",
  async (name) => {
    const dice = random(1);
    const backend = cpu();
    let refused = 0;
    for (let i = 0; i < 150; i++) {
      const folder = tinyLlama(name);
      folder.config((config) => {
        spoil(config, dice);
        if (dice.integer(2) === 0) spoil(config, dice);
      });
      try {
        const { model } = await fromPretrained(folder.files, { backend });
        expect([...model.parameters().values()].every((parameter) => parameter.isPlaced)).toBe(true);
        model[Symbol.dispose]();
      } catch (error) {
        if (!isTenonError(error, "CheckpointError")) throw error;
        expect(error.message).toMatch(/^phi|^folder/);
        refused++;
      }
      expect(backend.memory().bytes).toBe(0);
    }
    expect(refused).toBeGreaterThan(20);
  },
);

test("weights with bytes that were changed, cut off or added", async () => {
  const dice = random(2);
  const backend = cpu();
  const { content } = tinyLlama();
  const sound = content.get("model.safetensors")!;
  const header = 8 + Number(new DataView(sound.buffer, sound.byteOffset).getBigUint64(0, true));
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    const folder = tinyLlama();
    const bytes = sound.slice(0, dice.integer(4) === 0 ? dice.integer(sound.length) : undefined);
    for (let n = dice.integer(3); n >= 0 && bytes.length > 0; n--)
      bytes[dice.integer(Math.min(header, bytes.length))] = dice.integer(256);
    folder.content.set("model.safetensors", bytes);
    try {
      const { model } = await fromPretrained(folder.files, { backend });
      model[Symbol.dispose]();
    } catch (error) {
      if (!isTenonError(error, "CheckpointError")) throw error;
      refused++;
    }
    expect(backend.memory().bytes).toBe(0);
  }
  expect(refused).toBeGreaterThan(200);
});
