import { gpt } from "@tenon/models";
import { BackendError, cpu } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { BackendId } from "../backends/backend-id.ts";
import type { Computing } from "../backends/make-backend.ts";
import { shippedFile } from "../testing/engine.ts";
import { Turns } from "../workers/turns.ts";
import type { ModelSource } from "./model-source.ts";
import { Models } from "./models.ts";

const untrained: ModelSource = {
  kind: "untrained",
  spec: gpt({ vocabulary: 257, context: 8, width: 8, layers: 1, heads: 2 }),
  seed: 3,
};

/** Backends by any name, one of which does not work; each can break down. */
function breakable(): {
  make: (id: BackendId) => Promise<Computing>;
  lose: (id: BackendId, forGood?: "for good") => void;
  closed: BackendId[];
} {
  const lost = new Set<BackendId>();
  const gone = new Set<BackendId>(["gpujs:webgl2"]);
  const closed: BackendId[] = [];
  return {
    closed,
    lose(id, forGood) {
      lost.add(id);
      if (forGood) gone.add(id);
    },
    make: async (id) => {
      if (gone.has(id)) throw new BackendError(`there is no ${id} here`);
      lost.delete(id);
      const backend = cpu();
      const read = backend.read.bind(backend);
      Object.defineProperty(backend, "read", {
        value: (tensor: Parameters<typeof read>[0]) =>
          lost.has(id) ? Promise.reject(new BackendError("the context was lost")) : read(tensor),
      });
      return { id, backend, close: () => void closed.push(id) };
    },
  };
}

const table = async (models: Models): Promise<number[]> => {
  const [parameter] = models.current.model.parameters().values();
  return [...(await parameter!.value.read())];
};

test("what fails leaves the model and the backend as they were", async () => {
  const { make, closed } = breakable();
  const models = new Models(new Turns(), make);
  expect(() => models.current).toThrow("no model is open. Choose one above.");
  await models.open(untrained, "cpu");
  const before = await table(models);
  const strange = { kind: "files", files: [new File(["a"], "a.txt")] } as const;
  await expect(models.open(strange, "wasm")).rejects.toThrow("there is no model in what was dropped");
  await expect(models.open(untrained, "gpujs:webgl2")).rejects.toThrow("there is no gpujs:webgl2 here");
  await expect(models.use("gpujs:webgl2")).rejects.toThrow("there is no gpujs:webgl2 here");
  expect(await table(models)).toEqual(before);
  expect(closed).toEqual(["wasm"]); // the one that was made in vain
});

test("the model moves with its parameters, and back from a visit", async () => {
  const { make, closed } = breakable();
  const models = new Models(new Turns(), make);
  await models.open(untrained, "cpu");
  const before = await table(models);
  expect(await models.use("wasm")).toEqual({ id: "wasm", name: "cpu" });
  expect(closed).toEqual(["cpu"]);
  const at = models.current.model.backend;
  await expect(
    models.on("gpujs:cpu", async ({ backend }) => {
      expect(models.current.model.backend).toBe(backend);
      throw new Error("in vain");
    }),
  ).rejects.toThrow("in vain");
  expect(models.current.model.backend).toBe(at);
  expect(await table(models)).toEqual(before);
});

test("a backend that has lost its parameters gives way to another, and to itself made anew", async () => {
  const { make, lose, closed } = breakable();
  const models = new Models(new Turns(), make);
  await models.open(untrained, "gpujs:webgpu");
  const before = await table(models);
  lose("gpujs:webgpu");
  await expect(table(models)).rejects.toThrow("the context was lost");
  expect(await models.explain(new BackendError("softmax failed"))).toMatchObject({
    name: "BackendError",
    message:
      "gpu.js, WebGPU has broken down, and the model's weights with it: softmax failed\nIt was started anew, and the model opened again: try it once more.",
  });
  expect(await table(models)).toEqual(before);
  expect(closed.splice(0)).toEqual(["gpujs:webgpu"]);
  const [other, fine] = [new Error("not of the backend"), new BackendError("of one that works")];
  expect(await models.explain(other)).toBe(other);
  expect(await models.explain(fine)).toBe(fine);
  lose("gpujs:webgpu", "for good");
  expect(await models.explain(new BackendError("softmax failed"))).toMatchObject({
    message:
      "gpu.js, WebGPU has broken down, and the model's weights with it: softmax failed\nIt could not be started anew. Choose another backend above, and the model is opened again there.",
  });
  await models.use("wasm");
  expect(await table(models)).toEqual(before);
  lose("wasm");
  await models.use("wasm");
  expect(await table(models)).toEqual(before);
  lose("wasm");
  await models.open(untrained, "wasm");
  expect(await table(models)).toEqual(before);
  expect(closed).toEqual(["gpujs:webgpu", "wasm", "wasm"]);
});

test("where there is no room for two models the one before is closed first, and only there", async () => {
  const file = await shippedFile("story-decoder");
  const both = 4 * 950_272 + 4 * 2000;
  const open = async (room: number): Promise<[models: Models, closed: number]> => {
    const models = new Models(new Turns(), breakable().make, room);
    await models.open(untrained, "cpu");
    let closed = 0;
    const told = (): void => {
      closed++;
      expect(() => models.current).toThrow("no model is open");
    };
    await models.open({ kind: "files", files: [file] }, "cpu", undefined, told);
    await expect(models.open({ kind: "files", files: [new File(["a"], "a.txt")] }, "cpu")).rejects.toThrow("no model");
    return [models, closed];
  };
  const [wide, narrow] = [await open(2 * both), await open(both)];
  expect([wide[1], narrow[1]]).toEqual([0, 1]);
  for (const [models] of [wide, narrow]) expect(models.current.name).toBe("story-decoder.safetensors");
});

test("an opening that is called off, or that another follows, leaves the model before", async () => {
  const models = new Models(new Turns(), breakable().make);
  await models.open(untrained, "cpu");
  const { model } = models.current;
  const file = await shippedFile("story-decoder");
  const called = models.open({ kind: "files", files: [file] }, "cpu");
  models.cancel();
  await expect(called).rejects.toThrow("abort");
  expect(models.current.model).toBe(model);
  const late = models.open({ kind: "files", files: [file] }, "cpu");
  const next = models.open({ ...untrained, seed: 4 }, "cpu");
  await expect(late).rejects.toThrow("abort");
  expect(await next).toMatchObject({ info: { name: "untrained" }, backend: { id: "cpu", name: "cpu" } });
});
