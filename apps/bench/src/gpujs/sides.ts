// The same model on either side. Runs in Node and in a page.
import { gpujs } from "@tenon/backend-gpujs";
import { assemble, bert, type Sizes } from "@tenon/models";
import { ids, profile, Scope, sizeOf, type Backend } from "@tenon/tensor";

import { spreadOf, tokens, values } from "../peers/data.ts";
import { makeGpu, type Mode } from "./gpu.ts";
import { naiveForward, type Rows } from "./naive.ts";
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

/** A model that is ready. */
export interface Running {
  /** The hidden states [t, d], however the side has them. */
  forward(): Promise<unknown>;
  /** What `forward` gave, as one array. */
  flat(result: unknown): Float32Array;
  close(): void | Promise<void>;
}

/** gpu.js as its README has it: arrays in, arrays out. */
export async function naive({ mode, threads, model: sizes, length }: Setting): Promise<Running> {
  const model = naiveModel(sizes);
  const gpu = await makeGpu(mode);
  const product = gpuProducts(gpu, mode, threads);
  const text = tokens(1, length, sizes.vocabulary);
  return {
    forward: () => naiveForward(model, text, product),
    flat: (rows) => Float32Array.from((rows as Rows).flatMap((row) => Array.from(row))),
    close: () => gpu.destroy(),
  };
}

/** Ids go in and numbers come out: both copies are timed. */
export async function ours(on: Backend & { close?(): void }, { model: sizes, length }: Setting): Promise<Running> {
  const model = assemble(bert(sizes));
  for (const [path, parameter] of model.parameters()) {
    const { shape } = parameter.type;
    parameter.assign(values(path, sizeOf(shape), spreadOf(path, shape)));
  }
  await model.to(on);
  const text = tokens(1, length, sizes.vocabulary);
  return {
    async forward() {
      using scope = new Scope();
      const result = scope.run(() => model.encode(ids(text, [1, length], on, { limit: sizes.vocabulary })));
      return result.read();
    },
    flat: (data) => data as Float32Array,
    close: () => on.close?.(),
  };
}

/** Which op of Tenon's backend takes how long, once all is compiled. */
export async function profiled(setting: Setting): Promise<string> {
  const on = await gpujs({ mode: setting.mode, threads: setting.threads });
  const measured = profile(on);
  const running = await ours(measured, setting);
  for (let i = 0; i < 2; i++) await running.forward();
  measured.reset();
  await running.forward();
  const text = await measured.table();
  on.close();
  return text;
}
