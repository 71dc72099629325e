import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../../test/tenon.ts";
import { prepareFolder } from "./prepare-folder.ts";
import { hasRun } from "./saved-run.ts";

test("what a killed session left half written goes, and nothing else", async () => {
  const folder = await temporaryFolder();
  const kept = [".notes.tmp", "loss.svg", "model.safetensors", "model.safetensors.1-0.tmp"];
  for (const name of [...kept, ".loss.svg.7-12.tmp", ".metrics.jsonl.7-0.tmp", ".model.safetensors.7-3.tmp"])
    await writeFile(join(folder, name), "");
  await prepareFolder(folder);
  expect((await readdir(folder)).sort()).toEqual(kept.sort());
});

test("half of a first checkpoint is no run", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "checkpoints"));
  await writeFile(join(folder, "checkpoints", ".step-00000000.safetensors.7-0.tmp"), "");
  expect(await hasRun(folder)).toBe(false);
  await writeFile(join(folder, "checkpoints", "step-00000000.safetensors"), "");
  expect(await hasRun(folder)).toBe(true);
});
