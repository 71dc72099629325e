// Where the time of a step of training goes: models as small as a processor trains within an hour, on one thread of wasm.
import { wasm } from "@tenon/backend-wasm";
import { valueAndGrad, withDropout } from "@tenon/nn";
import { profile, random, Scope, type Backend } from "@tenon/tensor";
import { AdamW, clipByGlobalNorm } from "@tenon/training";

import { table } from "./table.ts";
import { pupils, type Pupil } from "./training-models.ts";

const rounds = 7;
const warmUp = 2;
const phases = ["forward", "backward", "clipping", "AdamW"] as const;
type Times = Record<(typeof phases)[number], number>;

export async function training(): Promise<void> {
  const on = await wasm({ threads: 1 });
  for (const make of pupils) {
    const pupil = await make(on);
    const step = stepOf(pupil);
    const times: Times[] = [];
    for (let round = -warmUp; round < rounds; round++) {
      const took = await step();
      if (round >= 0) times.push(took);
    }
    const whole = times.map((each) => phases.reduce((total, phase) => total + each[phase], 0));
    console.log(`\n${pupil.name}, ${rounds} steps`);
    console.log(
      table(
        ["milliseconds", ...phases, "step"],
        [
          ["lowest", ...phases.map((phase) => lowest(times.map((each) => each[phase]))), lowest(whole)],
          ["median", ...phases.map((phase) => median(times.map((each) => each[phase]))), median(whole)],
        ],
      ),
    );
    pupil.model[Symbol.dispose]();
    await profiled(make, on);
  }
  on.close();
}

/** The ops of a few steps. */
async function profiled(make: (typeof pupils)[number], on: Backend): Promise<void> {
  const watched = profile(on);
  const pupil = await make(watched);
  const step = stepOf(pupil);
  for (let round = 0; round < warmUp; round++) await step();
  watched.reset();
  for (let round = 0; round < 3; round++) await step();
  const rows = (await watched.report()).filter(({ how }) => how === "kernel");
  const total = rows.reduce((time, row) => time + row.time, 0);
  console.log(
    table(
      ["op", "calls", "ms", "share"],
      rows
        .filter(({ time }) => time >= total / 100)
        .map(({ op, calls, time }) => [
          op,
          `${calls / 3}`,
          (time / 3).toFixed(1),
          `${((100 * time) / total).toFixed(1)} %`,
        ]),
    ),
  );
  pupil.model[Symbol.dispose]();
}

/** A step as `train` of `@tenon/training` takes it, timed in its phases. */
function stepOf({ model, loss }: Pupil): () => Promise<Times> {
  const optimiser = new AdamW(model);
  return async () => {
    const began = performance.now();
    let forwarded = began;
    using scope = new Scope();
    const { value, gradients } = scope.run(() =>
      withDropout(model, random(1), optimiser.steps, () =>
        valueAndGrad(model, () => {
          const result = loss();
          forwarded = performance.now();
          return result;
        }),
      ),
    );
    for (const tensor of [value, ...gradients.values()]) scope.adopt(tensor);
    const differentiated = performance.now();
    const { gradients: clipped } = scope.run(() => clipByGlobalNorm(gradients, 1));
    const [read] = await value.read();
    if (!Number.isFinite(read)) throw new Error(`the loss is ${read}`);
    const ready = performance.now();
    scope.run(() => optimiser.step(clipped, 1e-4));
    return {
      forward: forwarded - began,
      backward: differentiated - forwarded,
      clipping: ready - differentiated,
      AdamW: performance.now() - ready,
    };
  };
}

const lowest = (values: readonly number[]): string => Math.min(...values).toFixed(1);
const median = (values: readonly number[]): string => values.toSorted((a, b) => a - b)[values.length >> 1]!.toFixed(1);
