import { expect, test } from "vitest";

import { engineWith } from "../testing/engine.ts";
import type { Compared, ComparisonEvent } from "./compared.ts";
import { Comparison } from "./comparison.ts";

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
  await comparison.run({ ...request, backends: ["gpujs:webgl2"] }, (event) => events.push(event));
  expect(events.at(-1)).toMatchObject({ kind: "row", row: { id: "gpujs:webgl2", works: false } });
  expect((events.at(-1) as { row: { reason: string } }).row.reason).toMatch(/WebGL2/);
  const kinds: string[] = [];
  await comparison.run(request, ({ kind }) => {
    kinds.push(kind);
    if (kind === "computing") running.stop();
  });
  expect(kinds).toEqual(["pass", "computing"]);
});
