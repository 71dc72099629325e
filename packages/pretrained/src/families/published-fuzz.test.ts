// Whatever is changed in a published config: one CheckpointError, or a model that is saved and is the same when it is loaded again.
import { cpu, isTenonError, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { published, publishedFolder } from "../../test/published.ts";
import { spoil } from "../../test/spoil.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import type { Pretrained } from "../pretrained.ts";
import { savePretrained } from "../save-pretrained.ts";

test("published configs with odd values", { timeout: 60_000 }, async () => {
  const dice = random(1);
  const backend = cpu();
  const counts = { loaded: 0, refused: 0 };
  for (const [name, { config }] of Object.entries(published.models)) {
    const { content } = await publishedFolder(name);
    for (let i = 0; i < 25; i++) {
      const changed = structuredClone(config) as Record<string, unknown>;
      spoil(changed, dice);
      const files = filesInMemory(
        new Map(content).set("config.json", new TextEncoder().encode(JSON.stringify(changed))),
      );
      let loaded: Pretrained;
      try {
        loaded = await fromPretrained(files, { backend });
      } catch (error) {
        if (!isTenonError(error, "CheckpointError")) throw error;
        counts.refused++;
        continue;
      }
      counts.loaded++;
      for (const saved of [loaded, loaded.model]) {
        const copy = filesInMemory();
        await savePretrained(saved, copy, { family: loaded.family });
        const { model } = await fromPretrained(copy, { backend });
        expect(model.spec).toEqual(loaded.model.spec);
        model[Symbol.dispose]();
      }
      loaded.model[Symbol.dispose]();
      expect(backend.memory().bytes).toBe(0);
    }
  }
  expect(counts.loaded).toBeGreaterThan(200);
  expect(counts.refused).toBeGreaterThan(200);
});
