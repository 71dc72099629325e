// A run that a test kills again and again: `node killed-run.ts FOLDER BACKEND` goes on from the folder's checkpoints and prints each step's loss.
import { wasm } from "@tenon/backend-wasm";
import { Dropout, Embedding, Linear, Module } from "@tenon/nn";
import { type Backend, cpu, random, tanh, type Tensor } from "@tenon/tensor";

import {
  AdamW,
  causalBatches,
  causalLoss,
  Checkpoints,
  type CheckpointFiles,
  fit,
  type FitReport,
  type HostArray,
  type ParameterAverage,
  type TrainingStep,
  warmUpCosine,
} from "../src/index.ts";
import { checkpointFolder } from "../src/node.ts";

/** What follows depends on one token alone, through a dropout. */
export class Tiny extends Module<[ids: Tensor], Tensor> {
  readonly vocabulary: number = 8;
  readonly embedding: Embedding = new Embedding({ count: 8, width: 16, random: random(1).fork("embedding") });
  readonly dropout: Dropout = new Dropout(0.2);
  readonly output: Linear = new Linear({ input: 16, output: 8, random: random(1).fork("output") });
  protected override compute(ids: Tensor): Tensor {
    return this.output.forward(this.dropout.forward(tanh(this.embedding.forward(ids))));
  }
}

/** p̄ ← 0.9 p̄ + 0.1 p, on the host. */
export class HostAverage implements ParameterAverage {
  #average = new Map<string, HostArray>();
  readonly #model: Tiny;
  constructor(model: Tiny) {
    this.#model = model;
  }
  async update(): Promise<void> {
    for (const [path, parameter] of this.#model.parameters()) {
      const now = Float32Array.from(await parameter.host());
      const before = this.#average.get(path)?.data ?? now;
      this.#average.set(path, {
        shape: parameter.type.shape,
        data: now.map((value, i) => 0.9 * before[i]! + 0.1 * value),
      });
    }
  }
  async swap(): Promise<void> {
    for (const [path, parameter] of this.#model.parameters()) {
      const now = Float32Array.from(await parameter.host());
      const { shape, data } = this.#average.get(path)!;
      parameter.assign(data);
      this.#average.set(path, { shape, data: now });
    }
  }
  state = () => Promise.resolve(new Map(this.#average));
  load = (state: ReadonlyMap<string, HostArray>): void => void (this.#average = new Map(state));
}

/** Each token but 0 has one successor; after 0 comes any. */
export function textOf(length: number): number[] {
  const dice = random(3);
  const text = [0];
  while (text.length < length) text.push(text.at(-1) === 0 ? dice.integer(8) : (text.at(-1)! * 3) % 8);
  return text;
}

/** The run: dropout, accumulation, a moving average, early stopping, checkpoints after every three steps. */
export async function killedRun(
  on: Backend,
  files: CheckpointFiles,
  step: (step: TrainingStep) => void,
): Promise<FitReport> {
  const model = await new Tiny().to(on);
  const text = textOf(600);
  return fit(
    {
      model,
      objective: causalLoss,
      batches: causalBatches({ ids: text.slice(0, 500), context: 10, batch: 4, random: random(2) }),
      optimiser: new AdamW(model),
      schedule: warmUpCosine({ rate: 0.05, warmUp: 5, steps: 400 }),
      steps: 400,
      random: random(4),
      accumulate: 2,
      evaluation: {
        batches: causalBatches({ ids: text.slice(500), context: 10, batch: 2, random: random(5) }),
        count: 2,
        every: 5,
      },
    },
    {
      stopping: { patience: 4, improvement: 0.002 },
      average: new HostAverage(model),
      checkpoints: { to: new Checkpoints(files), every: 3, record: { name: "killed" } },
      on: { step },
    },
  );
}

if (process.argv[1] === import.meta.filename) {
  const [, , folder, backend] = process.argv;
  const on = backend === "wasm" ? await wasm({ threads: 1 }) : cpu();
  const report = await killedRun(on, checkpointFolder(folder!), ({ step, loss }) =>
    process.stdout.write(`${step} ${loss}\n`),
  );
  process.stdout.write(`${report.ended} ${report.best!.step}\n`);
}
