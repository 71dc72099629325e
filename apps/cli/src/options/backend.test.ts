import { expect, test } from "vitest";

import { jsonLines, temporaryFolder, tenon, tiny } from "../../test/tenon.ts";

interface Event {
  readonly backend?: string;
  readonly loss?: number;
}

test("trains on either backend, to nearly the same losses", async () => {
  const folder = await temporaryFolder();
  const run = async (name: string): Promise<Event[]> => {
    const options = [...tiny, "--stories", "20", "--steps", "4", "--json", "--out", name, "--backend", name];
    const { code, stdout, stderr } = await tenon(["train", ...options], folder);
    expect(code, stderr).toBe(0);
    return jsonLines<Event>(stdout);
  };
  const [wasm, cpu] = [await run("wasm"), await run("cpu")];
  expect(wasm[0]!.backend).toMatch(/^wasm \(/);
  expect(cpu[0]!.backend).toBe("cpu");
  const losses = (events: Event[]): number[] => events.flatMap(({ loss }) => loss ?? []);
  expect(losses(wasm).length).toBeGreaterThan(3);
  losses(wasm).forEach((loss, i) => expect(loss).toBeCloseTo(losses(cpu)[i]!, 4));
});

test("says which there are", async () => {
  const { code, stderr } = await tenon(["generate", "--backend", "gpu"], await temporaryFolder());
  expect([code, stderr]).toEqual([1, 'error: --backend is wasm or cpu, got "gpu".\n']);
});
