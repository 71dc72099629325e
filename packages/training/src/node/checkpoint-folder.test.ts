import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Linear } from "@tenon/nn";
import { cpu, isTenonError, random } from "@tenon/tensor";
import { afterEach, beforeEach, expect, test } from "vitest";

import { Checkpoints } from "../checkpoints/checkpoints.ts";
import { AdamW } from "../optimisers/adamw.ts";
import { checkpointFolder } from "./checkpoint-folder.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-checkpoint-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function made(width = 2): Promise<{ model: Linear; optimiser: AdamW; step(): void }> {
  const model = await new Linear({ input: width, output: 1, random: random(1) }).to(cpu());
  const optimiser = new AdamW(model);
  return { model, optimiser, step: () => optimiser.step(new Map([[model.weight, model.weight.value]]), 0.1) };
}
async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message.replaceAll(folder, "FOLDER");
}

test("a folder is made with the first checkpoint, and what a killed process left goes with the next", async () => {
  const place = join(folder, "runs", "first");
  const checkpoints = new Checkpoints(checkpointFolder(place));
  expect(await checkpoints.latest()).toBe(undefined);
  const trained = await made();
  await checkpoints.save(trained);
  await writeFile(join(place, ".step-00000001.safetensors.4711-0.tmp"), "half of it");
  await writeFile(join(place, ".hidden.tmp"), "none of ours");
  trained.step();
  await checkpoints.save(trained);
  expect((await readdir(place)).toSorted()).toEqual([
    ".hidden.tmp",
    "step-00000000.safetensors",
    "step-00000001.safetensors",
  ]);
  const again = await made();
  await (await new Checkpoints(checkpointFolder(place)).latest())!.restore(again);
  expect(await again.model.weight.host()).toEqual(await trained.model.weight.host());
  await checkpoints.clear();
  expect(await readdir(place)).toEqual([".hidden.tmp"]);
});

test("a place that is no folder is one clear error", async () => {
  await writeFile(join(folder, "file"), "");
  const files = checkpointFolder(join(folder, "file"));
  expect(await refused(files.list())).toBe(
    "cannot read FOLDER/file: part of the path is a file, not a folder. Check the path.",
  );
  expect(await refused(files.write("a", Uint8Array.of(1)))).toContain("cannot write FOLDER/file");
  expect(await refused(checkpointFolder(folder).read("none"))).toBe(
    "cannot read FOLDER/none: there is no such file. Check the path.",
  );
});

/** A disk of 64 KiB, where this process may have one. */
function smallDisk(at: string): boolean {
  try {
    execFileSync("sh", ["-c", 'mount -t tmpfs -o size=64k none "$0"', at], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("a disk that is really full: one error, and what was saved before is intact", async ({ skip }) => {
  if (!smallDisk(folder)) skip("this process may not mount a small disk");
  try {
    // Each takes some 24 KiB: two fit, and not a third beside them.
    const trained = await made(1900);
    trained.step(); // before it the optimiser remembers nothing, and a checkpoint is smaller
    const checkpoints = new Checkpoints(checkpointFolder(folder), { keep: 2 });
    await checkpoints.save(trained);
    trained.step();
    await checkpoints.save(trained);
    const parameters = await trained.model.weight.host();
    trained.step();
    expect(await refused(checkpoints.save(trained))).toBe(
      "cannot write FOLDER/step-00000003.safetensors: the disk is full. Make room or choose another place. What was saved before, step-00000002.safetensors, is intact.",
    );
    expect((await readdir(folder)).toSorted()).toEqual(["step-00000001.safetensors", "step-00000002.safetensors"]);
    const again = await made(1900);
    await (await checkpoints.latest())!.restore(again);
    expect(await again.model.weight.host()).toEqual(parameters);
  } finally {
    execFileSync("sh", ["-c", 'umount "$0"', folder]);
  }
});
