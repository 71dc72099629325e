import { expect, test, vi } from "vitest";

import type { Compared, ComparisonEvent } from "../../engine/compared.ts";
import { compare, comparison } from "./compare-state.ts";

const worker = vi.hoisted(() => ({
  told: undefined as unknown as (event: ComparisonEvent) => void,
  answer: undefined as unknown as (done: boolean) => void,
}));

vi.mock("comlink", () => ({ proxy: (value: unknown) => value }));
vi.mock("../../model/session.ts", () => ({
  engine: () => ({
    comparison: {
      run: (_: unknown, told: typeof worker.told) =>
        new Promise<boolean>((answer) => Object.assign(worker, { told, answer })),
    },
  }),
}));

const row = (id: "cpu" | "wasm"): ComparisonEvent => ({
  kind: "row",
  row: { id, works: false, reason: "" } as Compared,
});

test("a comparison is through when the worker says so, with rows that come after that", async () => {
  const through = compare();
  worker.told(row("cpu"));
  worker.answer(true);
  await through;
  worker.told(row("wasm"));
  expect(comparison.value).toMatchObject({ ended: "yes", rows: [{ id: "cpu" }, { id: "wasm" }] });
  const stopped = compare();
  worker.answer(false);
  await stopped;
  expect(comparison.value).toMatchObject({ ended: "stopped", rows: [] });
});
