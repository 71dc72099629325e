// The same model on either side. Runs in Node and in a page.
import { gpujs } from "@tenon/backend-gpujs";
import { wasm } from "@tenon/backend-wasm";
import { assemble, bert, type Sizes } from "@tenon/models";
import { cpu, ids, isTenonError, profile, Scope, sizeOf, type Backend } from "@tenon/tensor";

import { spreadOf, tokens, values } from "../peers/data.ts";
import { makeGpu, type Mode } from "./gpu.ts";
import { naiveForward } from "./naive.ts";
import { naiveModel } from "./naive-model.ts";
import { gpuProducts } from "./naive-products.ts";

/** What computes what. */
export interface Setting {
  readonly mode: Mode;
  readonly threads: number;
  readonly model: Sizes;
  /** t */
  readonly length: number;
}

/** The names of the sides. */
export const sideNames = ["gpu.js naive", "tenon gpujs", "tenon wasm", "tenon cpu"] as const;
export type SideName = (typeof sideNames)[number];

/** A side that is ready. */
export interface Side {
  forward(): Promise<Turn>;
  close(): void | Promise<void>;
}
export interface Turn {
  /** What the forward took, in milliseconds. */
  readonly time: number;
  /** The hidden states [t, d]. */
  readonly result: Float32Array;
}
/** A mode is not to be had here, and need not be. */
export class ModeAbsent extends Error {
  override readonly name = "ModeAbsent";
}

/** Makes a side ready. Throws {@link ModeAbsent} where the mode is not to be had. */
export async function enter(name: SideName, setting: Setting): Promise<Side> {
  const { mode, threads } = setting;
  switch (name) {
    case "gpu.js naive":
      return naive(setting);
    case "tenon gpujs":
      return tenon(await gpujs({ mode, threads }).catch(absent), setting);
    case "tenon wasm":
      return tenon(await wasm({ threads }), setting);
    case "tenon cpu":
      return tenon(cpu(), setting);
  }
}

function absent(error: unknown): never {
  if (isTenonError(error, "BackendError")) throw new ModeAbsent(error.message, { cause: error });
  throw error;
}

/** gpu.js as its README has it: arrays in, arrays out. */
async function naive({ mode, threads, model: sizes, length }: Setting): Promise<Side> {
  const model = naiveModel(sizes);
  const gpu = await makeGpu(mode);
  const product = gpuProducts(gpu, mode, threads);
  const text = tokens(1, length, sizes.vocabulary);
  return {
    async forward() {
      const began = performance.now();
      const rows = await naiveForward(model, text, product);
      return { time: performance.now() - began, result: Float32Array.from(rows.flatMap((row) => Array.from(row))) };
    },
    close: () => gpu.destroy(),
  };
}

/** Ids go in and numbers come out: both copies are timed. */
async function tenon(on: Backend & { close?(): void }, { model: sizes, length }: Setting): Promise<Side> {
  const model = assemble(bert(sizes));
  for (const [path, parameter] of model.parameters()) {
    const { shape } = parameter.type;
    parameter.assign(values(path, sizeOf(shape), spreadOf(path, shape)));
  }
  await model.to(on);
  const text = tokens(1, length, sizes.vocabulary);
  return {
    async forward() {
      const began = performance.now();
      using scope = new Scope();
      const result = scope.run(() => model.encode(ids(text, [1, length], on, { limit: sizes.vocabulary })));
      const read = (await result.read()) as Float32Array;
      return { time: performance.now() - began, result: read };
    },
    close: () => on.close?.(),
  };
}

/** Which op of Tenon's backend takes how long, once all is compiled. */
export async function profiled(setting: Setting): Promise<string> {
  const on = await gpujs({ mode: setting.mode, threads: setting.threads });
  const measured = profile(on);
  const side = await tenon(measured, setting);
  for (let i = 0; i < 2; i++) await side.forward();
  measured.reset();
  await side.forward();
  const text = await measured.table();
  on.close();
  return text;
}
