// How much memory it takes to load a model, beside what its weights take, and how long: each in a process of its own, whose peak the system knows.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { wasm } from "@tenon/backend-wasm";
import { assemble, llama } from "@tenon/models";
import { fromPretrained, savePretrained } from "@tenon/pretrained";
import { folder } from "@tenon/pretrained/node";
import { bytesPerElement, cpu, type FloatDType } from "@tenon/tensor";

import { table } from "./table.ts";

/** 270 million parameters, 1.1 GB in f32. */
const spec = llama({ vocabulary: 32_000, context: 2048, width: 1024, layers: 16, heads: 16, hidden: 2816 });
const storages = ["F32", "BF16"] as const;
/** As what the matrices of each file are held. */
const held = { F32: ["f32"], BF16: ["f32", "bf16"] } as const;
const backends = { wasm: () => wasm({ threads: 1 }), cpu: () => Promise.resolve(cpu()) };

/** What a child prints. */
interface Loaded {
  readonly weights: number;
  readonly above: number;
  readonly seconds: number;
}

export async function loading(): Promise<void> {
  const at = await mkdtemp(join(tmpdir(), "tenon-loading-"));
  try {
    const rows: string[][] = [];
    for (const storage of storages) {
      child("write", at, storage);
      for (const dtype of held[storage]) {
        for (const backend of Object.keys(backends)) {
          const { weights, above, seconds } = JSON.parse(child("load", at, backend, dtype)) as Loaded;
          const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
          rows.push([
            `${storage} in shards, as ${dtype} on ${backend}`,
            mega(weights),
            mega(above),
            `${(above / weights).toFixed(2)} ×`,
            `${seconds.toFixed(1)} s`,
          ]);
        }
      }
    }
    console.log(`\n${table(["fromPretrained", "weights", "peak", "", "time"], rows)}`);
  } finally {
    await rm(at, { recursive: true });
  }
}

function child(...given: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), ...given],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const [task, at, how, dtype] = process.argv.slice(2);
if (task === "write") {
  const model = assemble(spec);
  // What they are does not matter, and drawing them takes a while.
  for (const parameter of model.parameters().values())
    parameter.initialise((shape) => new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.01));
  await savePretrained(model, folder(at!), { storage: how as (typeof storages)[number], shardSize: 2e8 });
}
if (task === "load") {
  const backend = await backends[how as keyof typeof backends]();
  const before = process.memoryUsage.rss();
  const begun = performance.now();
  const { model } = await fromPretrained(folder(at!), { backend, weights: dtype as FloatDType });
  const seconds = (performance.now() - begun) / 1000;
  const weights = [...model.parameters().values()].reduce(
    (sum, { type }) => sum + bytesPerElement(type.dtype) * type.shape.reduce((a, b) => a * b, 1),
    0,
  );
  console.log(
    JSON.stringify({ weights, above: 1024 * process.resourceUsage().maxRSS - before, seconds } satisfies Loaded),
  );
}
