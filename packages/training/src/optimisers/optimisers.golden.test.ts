import { readFileSync } from "node:fs";

import { Parameter, Part } from "@tenon/nn";
import { type Backend, cpu, scoped, type Tensor, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { Schedule } from "../schedules/schedule.ts";
import { warmUpInverseSquareRoot } from "../schedules/warm-up-inverse-square-root.ts";
import { Adafactor } from "./adafactor.ts";
import { Adam } from "./adam.ts";
import { Lion } from "./lion.ts";
import { MovingAverage } from "./moving-average.ts";
import { Muon } from "./muon.ts";
import type { Optimiser } from "./optimiser.ts";
import { Sgd } from "./sgd.ts";

type Values = Readonly<Record<string, readonly number[]>>;
interface Golden {
  readonly decay: number;
  readonly rates: readonly number[];
  readonly gradients: readonly Values[];
  readonly parameters: Readonly<Record<string, readonly Values[]>>;
  readonly averages: readonly Values[];
}
const golden = JSON.parse(readFileSync(new URL("../../goldens/optimisers.json", import.meta.url), "utf8")) as Golden;
const { decay } = golden;

/** The model of goldens/optimisers.py. */
class Three extends Part {
  readonly weight: Parameter = new Parameter([2, 3], () => Float32Array.of(0.5, -1.25, 2, 0.125, -0.75, 3.5));
  readonly bias: Parameter = new Parameter([2], () => Float32Array.of(0.25, -0.5));
  readonly late: Parameter = new Parameter([2], () => Float32Array.of(1, 2));
}
const hidden = (path: string): boolean => path === "weight";
const adamw = { beta2: 0.95 };
const makers: Readonly<Record<string, (model: Part) => Optimiser>> = {
  sgd: (model) => new Sgd(model, { decay }),
  momentum: (model) => new Sgd(model, { decay, momentum: 0.9 }),
  nesterov: (model) => new Sgd(model, { decay, momentum: 0.9, nesterov: true }),
  adam: (model) => new Adam(model, { decay, beta2: 0.98, epsilon: 1e-9 }),
  lion: (model) => new Lion(model, { decay }),
  adafactorRelative: (model) => new Adafactor(model, { decay }),
  adafactorAbsolute: (model) => new Adafactor(model, { decay, relative: false, limit: 0.5, exponent: 0.5 }),
  adafactorWarmUp: (model) => new Adafactor(model, { decay }),
  muonOriginal: (model) => new Muon(model, { hidden, decay, adamw, scaling: "original" }),
  muonAsAdamW: (model) => new Muon(model, { hidden, decay, adamw }),
};

const given: Schedule = (step) => golden.rates[step]!;
/** What transformers calls `relative_step` with `warmup_init` is a schedule like any other. */
const schedules: Readonly<Record<string, Schedule>> = {
  adafactorWarmUp: warmUpInverseSquareRoot({ rate: 0.01, warmUp: 9999 }),
};

async function expectValues(model: Three, expected: Values, tolerance: number, what: string): Promise<void> {
  for (const [name, values] of Object.entries(expected)) {
    const actual = await model.parameters().get(name)!.host();
    expect(actual.length).toBe(values.length);
    values.forEach((value, i) => expect(Math.abs(actual[i]! - value), what).toBeLessThan(tolerance));
  }
}
function takeStep(model: Three, optimiser: Optimiser, step: number, on: Backend, schedule = given): void {
  const parameters = model.parameters();
  scoped(() => {
    const gradients = Object.entries(golden.gradients[step]!).map(([name, data]): [Parameter, Tensor] => {
      const parameter = parameters.get(name)!;
      return [parameter, tensor(Float64Array.from(data), parameter.type.shape, on)];
    });
    optimiser.step(new Map(gradients), schedule(step));
  });
}

test("every golden has an optimiser", () => {
  expect(Object.keys(makers)).toEqual(Object.keys(golden.parameters));
});

test.each(Object.keys(makers))(
  "five steps of %s equal those of the library that goldens/optimisers.py names",
  async (name) => {
    for (const [precision, tolerance] of [
      ["f64", 1e-13],
      ["f32", 2e-6],
    ] as const) {
      const on = cpu({ precision });
      const model = await new Three().to(on);
      const optimiser = makers[name]!(model);
      for (const [step, expected] of golden.parameters[name]!.entries()) {
        takeStep(model, optimiser, step, on, schedules[name]);
        await expectValues(model, expected, tolerance, `step ${step + 1} in ${precision}`);
      }
    }
  },
);

test("the moving average equals that of PyTorch's AveragedModel", async () => {
  const on = cpu({ precision: "f64" });
  const model = await new Three().to(on);
  const optimiser = makers["momentum"]!(model);
  const average = new MovingAverage(model, { decay: 0.9 });
  for (const [step, expected] of golden.averages.entries()) {
    takeStep(model, optimiser, step, on);
    average.update();
    average.swap();
    await expectValues(model, expected, 1e-14, `the average after step ${step + 1}`);
    average.swap();
  }
  await expectValues(model, golden.parameters["momentum"]!.at(-1)!, 1e-13, "the parameters, back");
});
