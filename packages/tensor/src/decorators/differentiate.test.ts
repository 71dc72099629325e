import { describe, expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor, zeros } from "../create.ts";
import { none, type Composite, type None, apply } from "../op.ts";
import { adamwOp } from "../ops/adamw.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { crossEntropy } from "../ops/cross-entropy.ts";
import { gelu } from "../ops/activation.ts";
import { linear } from "../ops/linear.ts";
import { layerNorm } from "../ops/norm.ts";
import { sum } from "../ops/reduce.ts";
import { stopGradient } from "../ops/stop-gradient.ts";
import { random } from "../random.ts";
import { Scope, scoped } from "../scope.ts";
import { place } from "../testing/op-case.ts";
import { floats } from "../testing/plain.ts";
import type { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { differentiate } from "./differentiate.ts";

const variable = (on: ReturnType<typeof cpu>, ...data: number[]): Variable =>
  Variable.holding(tensor(data, [data.length], on));

test("gives the value and the gradients, on the variables' own backend and in no scope", async () => {
  const on = cpu();
  const [x, y] = [variable(on, 1, 2), variable(on, 3, 4)];
  using scope = new Scope();
  const { value, gradients } = scope.run(() => differentiate([x, y], () => sum(mul(x.value, y.value))));
  for (const tensor of [value, ...gradients])
    expect([tensor!.backend, tensor!.scope, tensor!.guarded]).toEqual([on, undefined, true]);
  expect(await value.read()).toEqual(Float32Array.of(11));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(3, 4));
  expect(await gradients[1]!.read()).toEqual(Float32Array.of(1, 2));
});

test("a loss of any shape with one element will do", async () => {
  const x = variable(cpu(), 3);
  const { value, gradients } = differentiate([x], () => mul(x.value, x.value));
  expect(value.shape).toEqual([1]);
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(6));
});

test("the loss may be a variable itself", async () => {
  const x = variable(cpu(), 3);
  const { value, gradients } = differentiate([x], () => x.value);
  expect(await value.read()).toEqual(Float32Array.of(3));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(1));
  expect(x.value.alive).toBe(true);
});

test("constants take part without a gradient", async () => {
  const on = cpu();
  const x = variable(on, 2);
  const constant = tensor([5], [1], on);
  const { gradients } = differentiate([x], () => mul(constant, add(x.value, constant)));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(5));
});

describe("refuses", () => {
  const on = cpu();
  const x = variable(on, 1, 2);
  const constant = tensor([1], [1], on);
  test("no variables", () => {
    expect(() => differentiate([], () => constant)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: differentiate() got no variables]`,
    );
  });
  test("a loss with several elements", () => {
    expect(() => differentiate([x], () => x.value)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: only a tensor with one element can be differentiated, got [2]; take its mean() or sum()]`,
    );
  });
  test("a loss that is no tensor, or comes later", () => {
    expect(() => differentiate([x], (() => 3) as never)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: the loss must return a tensor, at once and not as a promise]`,
    );
    expect(() => differentiate([x], (() => Promise.resolve(constant)) as never)).toThrow(
      "must return a tensor, at once",
    );
  });
  test("a loss that depends on no variable", () => {
    expect(() => differentiate([x], () => constant)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: the loss does not depend on any of the variables]`,
    );
  });
  test("variables that are still on the host", () => {
    expect(() => differentiate([new Variable(x.type, () => new Float32Array(2))], () => constant)).toThrow(
      "still on the host",
    );
  });
});

describe("memory", () => {
  const spoiledOp: Composite<[x: Tensor], None> = {
    kind: "composite",
    name: "test/spoiled",
    saves: "none",
    infer: ([x]) => x,
    compose: ([x]) => mul(x, 2),
    gradient: () => [
      () => {
        throw new Error("the rule failed");
      },
    ],
  };
  const failures: [string, (x: Variable, y: Variable) => Tensor, string][] = [
    ["throws", (x) => [mul(x.value, 2)].map(() => expect.fail("stop"))[0]!, "stop"],
    ["has several elements", (x) => mul(mul(x.value, 2), 3), "only a tensor with one element"],
    ["is no tensor", (x) => [mul(x.value, 2)] as never, "must return a tensor"],
    [
      "has a rule that throws, after other gradients arrived",
      (x, y) => add(sum(mul(y.value, 3)), sum(apply(spoiledOp, [x.value], none))),
      "the rule failed",
    ],
    [
      "has a rule that throws, with a gradient of its own on the way",
      (x, y) => sum(mul(apply(spoiledOp, [mul(x.value, 3)], none), y.value)),
      "the rule failed",
    ],
  ];
  test.each(failures)("comes back when the loss %s", (_, loss, message) => {
    const on = cpu();
    const [x, y] = [variable(on, 1, 2), variable(on, 3, 4)];
    const base = on.memory();
    expect(() => differentiate([x, y], () => loss(x, y))).toThrow(message);
    expect(on.memory()).toEqual(base);
    expect(x.value.alive && y.value.alive).toBe(true);
    const { value, gradients } = differentiate([x, y], () => sum(mul(x.value, y.value))); // and the variables are as good as new
    for (const tensor of [value, ...gradients]) tensor![Symbol.dispose]();
    expect(on.memory()).toEqual(base);
  });
  test("holds the value and the gradients alone, then nothing more than before", () => {
    const on = cpu();
    const [x, y] = [variable(on, 1, 2), variable(on, 3, 4)];
    const base = on.memory();
    const { value, gradients } = differentiate([x, y], () => sum(gelu(mul(x.value, add(y.value, 1)))));
    expect(on.memory()).toEqual({ tensors: base.tensors + 3, bytes: base.bytes + 4 + 8 + 8 });
    for (const tensor of [value, ...gradients]) tensor![Symbol.dispose]();
    expect(on.memory()).toEqual(base);
  });
  test("of a derivative within a derivative comes back too", () => {
    const on = cpu();
    const x = variable(on, 1, 2);
    const base = on.memory();
    const outer = differentiate([x], () => {
      const inner = differentiate([x], () => sum(mul(mul(x.value, x.value), x.value)));
      const y = sum(inner.gradients[0]!);
      for (const tensor of [inner.value, inner.gradients[0]!]) tensor[Symbol.dispose]();
      return y;
    });
    for (const tensor of [outer.value, outer.gradients[0]!]) tensor[Symbol.dispose]();
    expect(on.memory()).toEqual(base);
  });
  test.each([true, false])("stays flat over 300 training steps (fused kernels: %s)", async (fused) => {
    const on = cpu({ fused });
    const dice = random(3);
    const shapes = [[8, 4], [8], [4], [3, 8]];
    const parameters = shapes.map((shape) => ({
      weight: Variable.holding(place(floats(shape, dice), on)),
      moments: [zeros(shape, on), zeros(shape, on)].map((x) => Variable.holding(x)),
    }));
    const [hidden, bias, scale, output] = parameters.map(({ weight }) => weight) as [
      Variable,
      Variable,
      Variable,
      Variable,
    ];
    const [x, targets] = [place(floats([6, 4], dice), on), tensor([0, 1, 2, 0, 1, 2], [6], on, "i32")];
    const losses: number[] = [];
    const base = on.memory();
    for (let step = 1; step <= 300; step++) {
      const { value, gradients } = differentiate([hidden, bias, scale, output], () =>
        crossEntropy(
          linear(gelu(linear(layerNorm(x, scale.value, undefined), hidden.value, bias.value)), output.value),
          targets,
        ),
      );
      parameters.forEach(({ weight, moments }, i) => {
        Variable.update(adamwOp, [weight, ...moments], [gradients[i]!], {
          rate: 0.01,
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-8,
          decay: 0.01,
          step,
        });
        gradients[i]![Symbol.dispose]();
      });
      if (step === 1 || step === 300) losses.push((await value.read())[0]!);
      value[Symbol.dispose]();
      expect(on.memory()).toEqual(base);
    }
    expect(losses[1]).toBeLessThan(0.1 * losses[0]!);
  });
  test("what the loss makes outside the result is freed", () => {
    const on = cpu();
    const x = variable(on, 1, 2);
    let inner: Tensor | undefined;
    const { value, gradients } = differentiate([x], () => {
      inner = mul(x.value, 2);
      return scoped(() => sum(inner!));
    });
    expect(inner!.alive).toBe(false);
    for (const tensor of [value, ...gradients]) tensor![Symbol.dispose]();
    expect(on.memory().tensors).toBe(1);
  });
});

test("a loss that reaches its variables through stopGradient alone has no gradients", () => {
  const on = cpu();
  const x = variable(on, 1, 2);
  const { value, gradients } = differentiate([x], () => sum(stopGradient(x.value)));
  expect(gradients).toEqual([undefined]);
  value[Symbol.dispose]();
  expect(on.memory().tensors).toBe(1);
});

test("second derivatives do not depend on the order of the variables", async () => {
  const on = cpu();
  const [x, y] = [variable(on, 2), variable(on, 3)];
  for (const [first, second] of [
    [x, y],
    [y, x],
  ] as const) {
    const outer = differentiate([x], () => {
      const inner = differentiate([first, second], () => sum(mul(mul(x.value, x.value), y.value)));
      return sum(inner.gradients[first === x ? 0 : 1]!); // 2 x y
    });
    expect(await outer.gradients[0]!.read()).toEqual(Float32Array.of(6)); // 2 y
  }
});

test("variables of two backends are refused", () => {
  const [x, y] = [variable(cpu(), 1), variable(cpu(), 2)];
  expect(() => differentiate([x, y], () => sum(x.value))).toThrow("neither wraps the other");
});
