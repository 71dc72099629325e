import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";

import { engineWith, shippedFile } from "../testing/engine.ts";
import { Turns } from "../workers/turns.ts";
import type { Compared, ComparisonEvent } from "./compared.ts";
import { Comparison } from "./comparison.ts";
import { Models } from "./models.ts";
import { Running } from "./running.ts";

const request = {
  backends: ["cpu", "wasm"],
  from: { kind: "text", text: "One dark night, Mia the fox" },
  tokens: 8,
} as const;

test("wasm says the same as plain JavaScript, and its logits differ in the last digits", async () => {
  const { models, running } = await engineWith("story-decoder");
  const rows: Extract<Compared, { works: true }>[] = [];
  let tokens: readonly string[] = [];
  await new Comparison(models, running).run(request, (event) => {
    if (event.kind === "pass") ({ tokens } = event);
    if (event.kind === "row" && event.row.works) rows.push(event.row);
  });
  const [cpu, wasm] = rows;
  expect(rows.map(({ id }) => id)).toEqual(["cpu", "wasm"]);
  expect(cpu!.differences).toEqual(new Float32Array(tokens.length));
  expect(wasm!.differences).toHaveLength(tokens.length);
  expect(Math.max(...wasm!.differences)).toBeLessThan(1e-3);
  expect(Math.max(...wasm!.differences)).toBeGreaterThan(0);
  expect(wasm!.text).toBe(cpu!.text);
  expect(
    rows.every(({ same, firstTokenSeconds, tokensPerSecond }) => same && firstTokenSeconds > 0 && tokensPerSecond > 0),
  ).toBe(true);
  expect(models.current.model.backend.name).toBe("cpu");
});

test("a backend that fails has the reason in its row; stopped, there are no more rows", async () => {
  const { models, running } = await engineWith("story-decoder");
  const comparison = new Comparison(models, running);
  const events: ComparisonEvent[] = [];
  expect(await comparison.run({ ...request, backends: ["gpujs:webgl2"] }, (event) => events.push(event))).toBe(true);
  expect(events.at(-1)).toMatchObject({ kind: "row", row: { id: "gpujs:webgl2", works: false } });
  expect((events.at(-1) as { row: { reason: string } }).row.reason).toMatch(/WebGL2/);
  const kinds: string[] = [];
  const done = await comparison.run(request, ({ kind }) => {
    kinds.push(kind);
    if (kind === "computing") running.stop();
  });
  expect(done).toBe(false);
  expect(kinds).toEqual(["pass", "computing"]);
});

test("a backend that computes something else is found out", async () => {
  const turns = new Turns();
  const models = new Models(turns, async (id) => {
    const backend = cpu();
    const read = backend.read.bind(backend);
    // It works, as products go, and gives the logits of a model the wrong way round.
    const wrongly = async (tensor: Parameters<typeof read>[0]): Promise<Awaited<ReturnType<typeof read>>> => {
      const data = await read(tensor);
      return id === "gpujs:cpu" && tensor.shape.at(-1) === 1226 ? data.map((value) => -value) : data;
    };
    Object.defineProperty(backend, "read", { value: wrongly });
    return { id, backend, close: () => undefined };
  });
  await models.open({ kind: "files", files: [await shippedFile("story-decoder")] }, "cpu");
  let row: Compared | undefined;
  await new Comparison(models, new Running(turns)).run({ ...request, backends: ["gpujs:cpu"] }, (event) => {
    if (event.kind === "row") ({ row } = event);
  });
  expect(row).toMatchObject({ works: true, same: false });
  expect(Math.min(...(row as { differences: Float32Array }).differences)).toBeGreaterThan(1);
});
