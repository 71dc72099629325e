import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";

import { shippedFile } from "../testing/engine.ts";
import { Turns } from "../workers/turns.ts";
import { Comparison } from "./comparison.ts";
import { Models } from "./models.ts";
import { Running } from "./running.ts";
import { Filling } from "./text/filling.ts";
import { Generation } from "./text/generation.ts";
import { usualSettings } from "./text/sampling-settings.ts";
import { Similarity } from "./text/similarity.ts";

test("what is done with a model leaves no tensors behind; nor do models that were open before", async () => {
  const backend = cpu();
  const turns = new Turns();
  const models = new Models(turns, async (id) => ({
    id,
    backend: id === "cpu" ? backend : cpu(),
    close: () => undefined,
  }));
  const running = new Running(turns);
  const [generation, comparison] = [new Generation(models, running), new Comparison(models, running)];
  const none = (): void => undefined;
  const from = { kind: "text", text: "Mia the fox" } as const;

  await models.open({ kind: "files", files: [await shippedFile("story-decoder")] }, "cpu");
  const decoder = backend.memory();
  await generation.start({ from, settings: usualSettings, maxTokens: 150 }, none); // beyond the context
  expect(backend.memory()).toEqual(decoder);
  await generation.start({ from, settings: { ...usualSettings, strategy: "beam-search" }, maxTokens: 5 }, none);
  expect(backend.memory()).toEqual(decoder);
  await generation.start({ from, settings: usualSettings, maxTokens: 150 }, () => running.stop());
  expect(backend.memory()).toEqual(decoder);
  await generation.distribution({ ids: [5, 6, 7], promptLength: 2, settings: usualSettings });
  expect(backend.memory()).toEqual(decoder);
  await comparison.run({ backends: ["cpu", "wasm"], from, tokens: 3 }, none);
  expect(backend.memory()).toEqual(decoder);
  await models.use("wasm");
  expect(backend.memory()).toEqual({ tensors: 0, bytes: 0 });
  await models.use("cpu");
  expect(backend.memory()).toEqual(decoder);

  await models.open({ kind: "files", files: [await shippedFile("story-encoder")] }, "cpu");
  const encoder = backend.memory();
  await new Filling(models, running).fill("Mia the [MASK] ran home.", 3);
  expect(backend.memory()).toEqual(encoder);
  await new Similarity(models, running).compare(["Mia ran.", "Tom was sad."]);
  expect(backend.memory()).toEqual(encoder);
  for (let i = 0; i < 2; i++) {
    await models.open({ kind: "files", files: [await shippedFile("story-decoder")] }, "cpu");
    expect(backend.memory()).toEqual(decoder);
    await expect(models.open({ kind: "files", files: [new File(["a"], "a.txt")] }, "cpu")).rejects.toThrow("no model");
    expect(backend.memory()).toEqual(decoder);
  }
});
