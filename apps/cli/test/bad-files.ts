import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { cpu } from "@tenon/tensor";

import { readData } from "../src/run/data-source.ts";
import type { RunOptions } from "../src/run/options.ts";
import { type Examples, makeRun } from "../src/run/run.ts";
import { checkpointsIn, readRun, recordOf } from "../src/run/saved-run.ts";
import { changeRecord, copyWith } from "./damage.ts";
import { ended, start, tenon, tiny } from "./tenon.ts";

/** Files that are no text to train on, each in its own way. */
export async function makeBadTexts(folder: string): Promise<void> {
  await writeFile(join(folder, "empty.txt"), "");
  await writeFile(join(folder, "binary.txt"), Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0));
  await writeFile(join(folder, "latin1.txt"), Buffer.from("caf\u00e9 au lait", "latin1"));
  await writeFile(join(folder, "short.txt"), "Once upon a time there was a very short text.");
  await writeFile(join(folder, "marks.txt"), "... !!! ".repeat(50));
  await mkdir(join(folder, "nothing"));
  await mkdir(join(folder, "occupied/model.safetensors"), { recursive: true });
}

/** Specs that cannot be assembled, each in its own way. */
export async function makeBadSpecs(folder: string): Promise<void> {
  const spec = {
    version: 1,
    kind: "decoder",
    context: 16,
    width: 16,
    layers: 1,
    position: { kind: "learned" },
    attention: { kind: "multi-head", heads: 2 },
    feedForward: { kind: "mlp", hidden: 32 },
    norm: { kind: "layer-norm" },
    residual: { kind: "pre-norm" },
  };
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await write("unknown-key.json", JSON.stringify({ ...spec, hieght: 3 }));
  await write("heads.json", JSON.stringify({ ...spec, attention: { kind: "multi-head", heads: 3 } }));
  await write("vocabulary.json", JSON.stringify({ ...spec, vocabulary: 7 }));
  await write("inspected.json", JSON.stringify({ spec, parts: [], parameters: 0, bytes: 0, packages: [] }));
  await write("list.json", "[1, 2]");
  await write("broken.json", '{ "kind": "decoder",');
}

/** Two sound models in `decoder` and `encoder`, and damaged copies of the first. */
export async function makeBadModels(folder: string): Promise<void> {
  const at = (name: string): string => join(folder, name);
  await Promise.all([
    tenon(["train", ...tiny, "--stories", "20", "--steps", "2", "--out", "decoder"], folder),
    tenon(["train", "--model", "encoder", ...tiny, "--stories", "20", "--steps", "2", "--out", "encoder"], folder),
  ]);
  const model = at("decoder/model.safetensors");
  const bytes = await readFile(model);
  await writeFile(at("truncated.safetensors"), bytes.subarray(0, -100));
  const header = Buffer.from(bytes);
  header.writeBigUInt64LE(2n ** 40n, 0);
  await writeFile(at("header.safetensors"), header);
  await copyWith(model, at("stranger.safetensors"), () => ({ metadata: { format: "pt" } }));
  await copyWith(model, at("not-json.safetensors"), () => ({ metadata: { tenon: "{" } }));
  await copyWith(model, at("missing.safetensors"), ({ tensors }) => ({
    tensors: new Map([...tensors].filter(([name]) => name !== "norm.weight")),
  }));
  const record = (name: string, change: (record: Record<string, unknown>) => object): Promise<void> =>
    copyWith(model, at(name), (file) => ({ metadata: changeRecord(file, "tenon", change) }));
  await record("newer.safetensors", (old) => ({ ...old, version: 2 }));
  await record("extra.safetensors", (old) => ({ ...old, extra: true }));
  await record("wider.safetensors", (old) => ({ ...old, spec: { ...(old["spec"] as object), width: 32 } }));
  await record("spec.safetensors", (old) => ({ ...old, spec: { ...(old["spec"] as object), layers: "many" } }));
  await record("tokenizer.safetensors", (old) => ({ ...old, tokenizer: { kind: "byte", version: 1, special: [] } }));
}

/** An unfinished run in `run`, and damaged copies of it. */
export async function makeBadRuns(folder: string): Promise<void> {
  const child = start(["train", ...tiny, "--stories", "20", "--steps", "100000", "--out", "run", "--json"], folder);
  const end = ended(child);
  child.stdout.on("data", (text: string) => text.includes('"step":1,') && child.kill("SIGINT"));
  await end;

  const from = join(folder, "run/checkpoints");
  const names = await readdir(from);
  await mkdir(join(folder, "torn-run/checkpoints"), { recursive: true });
  for (const name of names)
    await writeFile(join(folder, "torn-run/checkpoints", name), (await readFile(join(from, name))).subarray(0, 5000));
  await mkdir(join(folder, "model-as-run/checkpoints"), { recursive: true });
  await cp(join(folder, "run/model.safetensors"), join(folder, "model-as-run/checkpoints/step-00000001.safetensors"));
  // The newest is damaged, the one before is not.
  await cp(from, join(folder, "half-torn-run/checkpoints"), { recursive: true });
  const newest = join(folder, "half-torn-run/checkpoints", names.sort().at(-1)!);
  const bytes = await readFile(newest);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(newest, bytes);
  await changed(folder, "other-stories", (options) => ({ ...options, dataHash: "0" }));
  await changed(folder, "moved-run", (options) => ({
    ...options,
    data: { kind: "file", path: join(folder, "short.txt") },
  }));
}

/** A run without early stopping keeps no best parameters. */
const nothing = { state: () => Promise.resolve(new Map()), load: () => undefined };

/** The run in `run`, saved with other options. */
async function changed(folder: string, name: string, change: (options: RunOptions) => RunOptions): Promise<void> {
  const { checkpoint, options } = await readRun(join(folder, "run"));
  const run = await makeRun(options, (await readData(options.data)) as Examples, cpu());
  await checkpoint.restore({ ...run, parts: { best: nothing } });
  const record = { ...(checkpoint.record as object), given: recordOf(change(options)) };
  await checkpointsIn(join(folder, name)).save({ ...run, parts: { best: nothing } }, record);
}
