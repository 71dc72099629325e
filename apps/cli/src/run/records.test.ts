import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../../test/tenon.ts";
import { RunRecords } from "./records.ts";

const step = (
  step: number,
): { step: number; loss: number; rate: number; gradientNorm: number; tokensPerSecond: number } => ({
  step,
  loss: 4 - step / 10,
  rate: 0.001,
  gradientNorm: 1,
  tokensPerSecond: 1000,
});

const linesIn = async (folder: string): Promise<Record<string, number>[]> =>
  (await readFile(join(folder, "metrics.jsonl"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, number>);

test("steps that come again replace those of before, and half a line goes", async () => {
  const folder = await temporaryFolder();
  const lines = [1, 2, 3].map((n) => `${JSON.stringify(step(n))}\n`).join("");
  await writeFile(join(folder, "metrics.jsonl"), `${lines}{"step":4,"lo`);
  const records = await RunRecords.open({ folder, step: 2 });
  await records.add(step(3));
  await records.add({ ...step(4), heldOutLoss: 3.5 });
  await records.close();
  expect((await linesIn(folder)).map((line) => line["step"])).toEqual([1, 2, 3, 4]);
  expect(records.heldOut).toEqual({ step: 4, loss: 3.5 });
  expect(await readdir(folder)).toEqual(["metrics.jsonl"]);
});

test("a held-out loss that comes after its step goes into the line of the step, once", async () => {
  const folder = await temporaryFolder();
  const before = await RunRecords.open({ folder, step: 0 });
  for (const n of [1, 2]) await before.add(step(n));
  await before.close();
  const records = await RunRecords.open({ folder, step: 2 });
  expect(await records.addHeldOut(1, 3.25)).toBe(false);
  expect(await records.addHeldOut(2, 3.25)).toBe(true);
  expect(await records.addHeldOut(2, 3.5)).toBe(false);
  await records.add(step(3));
  await records.close();
  const lines = await linesIn(folder);
  expect(lines.map((line) => [line["step"], line["heldOutLoss"]])).toEqual([
    [1, undefined],
    [2, 3.25],
    [3, undefined],
  ]);
  expect(records.heldOut).toEqual({ step: 2, loss: 3.25 });
});

test("a folder where the metrics go is named", async () => {
  const folder = await temporaryFolder();
  await expect(RunRecords.open({ folder: join(folder, "none"), step: 1 })).rejects.toThrow(
    /^cannot write .*metrics\.jsonl: its folder does not exist\. Create the folder first\.$/,
  );
  await writeFile(join(folder, "metrics.jsonl"), '{"step":1}\n[]\n{"step":3}\n');
  await expect(RunRecords.open({ folder, step: 3 })).rejects.toThrow(
    /metrics\.jsonl: .*line 2 of the metrics is damaged.* Move it away, and the run goes on without what it says\.$/,
  );
});
