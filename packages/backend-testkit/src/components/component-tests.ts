import { loadParameters, parseSafetensors, saveParameters } from "@tenon/checkpoint";
import { checkGradients, valueAndGrad } from "@tenon/nn";
import { cpu, mul, random, reshape, Scope, slice, sum, Tensor, type Backend, type Json } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";

import { sizeOfLargest } from "../compare.ts";
import { disposeAll } from "../run-op.ts";
import type { Component, ComponentTest, ComponentUnderTest } from "./component-test.ts";

/** Sees a part through its description. */
class Observer<C extends Json, I extends readonly unknown[], O> {
  readonly #given: ComponentUnderTest<C, I, O>;
  constructor(given: ComponentUnderTest<C, I, O>) {
    this.#given = given;
  }
  async make(on: Backend, seed = 1, config: C = this.#given.config): Promise<Component<I, O>> {
    return this.#given.create(config, random(seed)).to(on);
  }
  /** Calls `body` with inputs on a backend, and frees all that was made for them. */
  async withInputs<T>(on: Backend, body: (inputs: I) => T | Promise<T>): Promise<T> {
    using scope = new Scope();
    return await body(scope.run(() => this.#given.inputs(on)) as unknown as I);
  }
  output(part: Component<I, O>, inputs: I): Tensor {
    const result = part.forward(...inputs);
    const output: unknown = this.#given.output === undefined ? result : this.#given.output(result);
    if (!(output instanceof Tensor))
      throw new Error("forward returned no tensor; say with `output` which tensor of its result to look at");
    return output;
  }
  /** The output's numbers for the usual inputs. */
  async values(part: Component<I, O>, on: Backend): Promise<number[]> {
    return this.withInputs(on, async (inputs) => {
      using y = this.output(part, inputs);
      return [...(await y.read())];
    });
  }
}

const same = (a: readonly number[], b: readonly number[], what: string): void => expectNumbers(a, b, 0, what);
const differ = (a: readonly number[], b: readonly number[]): boolean => a.some((x, i) => x !== b[i]);

/**
 * All tests of a part as plain functions, for any test framework or for none. {@link testComponent} hands them to vitest.
 *
 * @example
 * ```ts
 * const tests = componentTests({
 *   name: "Linear",
 *   config: { input: 3, output: 2 },
 *   create: (config, random) => new Linear({ ...config, random }),
 *   inputs: (on) => [ones([4, 3], on)],
 *   outputShape: [4, 2],
 *   parameters: 8,
 * });
 * for (const { run } of tests) await run();
 * ```
 */
export function componentTests<C extends Json, I extends readonly unknown[], O>(
  given: ComponentUnderTest<C, I, O>,
): ComponentTest[] {
  const see = new Observer(given);
  const countOf = (part: Component<I, O>): number =>
    [...part.parameters().values()].reduce((n, { type }) => n + type.shape.reduce((a, b) => a * b, 1), 0);
  const allParameters = async (part: Component<I, O>): Promise<number[]> => {
    const all: number[] = [];
    for (const parameter of part.parameters().values()) all.push(...(await parameter.host()));
    return all;
  };
  /** Σ wᵢ yᵢ with fixed random weights: a loss that every element of the output takes part in. */
  const loss = (part: Component<I, O>, inputs: I, weights: Tensor): Tensor =>
    sum(mul(see.output(part, inputs), weights));

  const tests: [string, (on: Backend) => Promise<void>][] = [
    [
      "has the shape and the number of parameters that it says",
      async (on) => {
        const part = await see.make(on);
        await see.withInputs(on, (inputs) => {
          using y = see.output(part, inputs);
          if (y.shape.join() !== given.outputShape.join())
            throw new Error(`the output is [${y.shape.join(", ")}], expected [${given.outputShape.join(", ")}]`);
        });
        if (countOf(part) !== given.parameters)
          throw new Error(`it has ${countOf(part)} parameters, expected ${given.parameters}`);
        part[Symbol.dispose]();
      },
    ],
    [
      "survives its config's way through JSON",
      async (on) => {
        const [first, second] = [
          await see.make(on),
          await see.make(on, 1, JSON.parse(JSON.stringify(given.config)) as C),
        ];
        const names = (part: Component<I, O>): string => [...part.parameters().keys()].join();
        if (names(first) !== names(second))
          throw new Error(`made again from its config it has the parameters ${names(second)}, before ${names(first)}`);
        same(await see.values(second, on), await see.values(first, on), "the output of the part made again");
        disposeAll([first, second]);
      },
    ],
    [
      "is the same for the same seed",
      async (on) => {
        const parts = [await see.make(on, 7), await see.make(on, 7), await see.make(on, 8)] as const;
        const [first, second, other] = [
          await allParameters(parts[0]),
          await allParameters(parts[1]),
          await allParameters(parts[2]),
        ];
        same(second, first, "the parameters of the second part with this seed");
        same(await see.values(parts[1], on), await see.values(parts[0], on), "its output");
        same(await see.values(parts[0], on), await see.values(parts[0], on), "the output of a second pass");
        const { seeded = given.parameters > 0 } = given;
        if (differ(first, other) !== seeded)
          throw new Error(seeded ? "another seed gives the same parameters" : "another seed gives other parameters");
        disposeAll(parts);
      },
    ],
    [
      "gives every parameter a gradient, and the right one",
      async () => {
        const on = cpu({ precision: "f64" });
        const part = await see.make(on);
        using weights = place(floats(given.outputShape, random(3)), on);
        await see.withInputs(on, async (inputs) => {
          if (given.parameters === 0) return;
          const { value, gradients } = valueAndGrad(part, () => loss(part, inputs, weights));
          for (const [path, parameter] of part.parameters()) {
            const data = await gradients.get(parameter)?.read();
            if (data === undefined) throw new Error(`${path} gets no gradient`);
            if (!data.every(Number.isFinite)) throw new Error(`the gradient of ${path} is not finite`);
            if (data.every((x) => x === 0)) throw new Error(`the gradient of ${path} is zero everywhere`);
          }
          disposeAll([value, ...gradients.values()]);
          await checkGradients(part, () => loss(part, inputs, weights), { tolerance: 1e-6 });
        });
        part[Symbol.dispose]();
      },
    ],
    [
      "comes back from a checkpoint as it was",
      async (on) => {
        const [saved, loaded] = [await see.make(on, 1), await see.make(on, 2)];
        loadParameters(loaded, parseSafetensors(await saveParameters(saved)));
        same(await see.values(loaded, on), await see.values(saved, on), "the output after loading");
        disposeAll([saved, loaded]);
      },
    ],
    [
      "leaves nothing behind but its result, and its inputs alive",
      async (on) => {
        const part = await see.make(on);
        await see.withInputs(on, async (inputs) => {
          const before = on.memory().tensors;
          const y = see.output(part, inputs);
          await y.read();
          y[Symbol.dispose]();
          const left = on.memory().tensors - before;
          if (left > 0) throw new Error(`${left} tensors are left after forward, besides the output`);
          if (left < 0 || inputs.some((input) => input instanceof Tensor && !input.alive))
            throw new Error("forward freed an input");
        });
        part[Symbol.dispose]();
      },
    ],
    [
      "gives the same with fused kernels, without them, and in double precision",
      async (on) => {
        const outputs: number[][] = [];
        for (const backend of [cpu({ precision: "f64", fused: false }), on, cpu({ fused: false })]) {
          const part = await see.make(backend);
          outputs.push(await see.values(part, backend));
          part[Symbol.dispose]();
        }
        const [exact, ...others] = outputs as [number[], ...number[][]];
        for (const [i, other] of others.entries())
          expectNumbers(other, exact, 1e-4, ["fused", "composed"][i], Math.max(1e-3, sizeOfLargest(exact)));
      },
    ],
  ];
  if (given.causal !== undefined) {
    const axis = given.causal;
    tests.push([
      "does not let the past depend on the future",
      async (on) => {
        const part = await see.make(on);
        await see.withInputs(on, async ([x, ...rest]) => {
          if (!(x instanceof Tensor)) throw new Error("`causal` needs a tensor as the first input");
          using whole = see.output(part, [x, ...rest] as unknown as I);
          for (let n = 1; n < x.shape[axis]!; n++) {
            using start = slice(x, axis, 0, n);
            using beginning = see.output(part, [start, ...rest] as unknown as I);
            using expected = slice(whole, axis, 0, n);
            using flat = reshape(expected, [expected.shape.reduce((a, b) => a * b, 1)]);
            expectNumbers(await beginning.read(), await flat.read(), 1e-5, `the output of the first ${n} alone`);
          }
        });
        part[Symbol.dispose]();
      },
    ]);
  }
  return tests.map(([name, check]) => ({
    name,
    run: async () => {
      const on = cpu();
      await check(on);
      if (on.memory().tensors > 0) throw new Error(`${on.memory().tensors} tensors are left over`);
    },
  }));
}
