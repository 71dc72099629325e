import { Parameter, Part } from "@tenon/nn";
import { BackendError, cast, ConfigError, isHalf, type None, type Tensor, type Update, Variable } from "@tenon/tensor";

import { expectState } from "./expect-state.ts";
import type { Gradients, HostArray, Optimiser, OptimiserState } from "./optimiser.ts";

/**
 * An optimiser for a model whose weights are stored in 16 bits (`storeWeights` of `@tenon/nn`): it keeps each of them in f32, too, its master, lets another optimiser change that,
 * and rounds it into the model after each step. Most steps are smaller than half the distance between two numbers in 16 bits, and would be lost without. What is in f32 is changed as ever.
 *
 * `optimiser` is given the parameters under the paths that they have in the model, with a master in the place of each that is stored in 16 bits and not frozen, and makes an optimiser of them. The
 * gradients that `valueAndGrad` gives are f32 and need no scaling of the loss, since activations are f32, too.
 *
 * A trained weight takes 2 bytes for itself and 4 for its master in place of 4: what is saved is at rest and where weights are frozen. So it goes with weights that are to be in 16 bits when training is over, and
 * are evaluated as such on the way. Make it once the model has its values; after the model has moved, make it anew and load its state.
 *
 * Throws `ConfigError` for a model of which nothing that is trained is in 16 bits; its `step` throws what the optimiser throws, `ConfigError` for a weight that was stored otherwise meanwhile, and
 * `BackendError` when the model moved.
 *
 * Micikevicius et al. 2018, "Mixed precision training".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 1, output: 1, bias: false, random: random(1) }).to(on);
 * model.weight.assign(Float32Array.of(1));
 * await storeWeights(model, "bf16");
 * const optimiser = await masterWeights(model, (masters) => new AdamW(masters, { decay: 0 }));
 * const values: number[] = [];
 * for (let step = 1; step <= 4; step++) {
 *   optimiser.step(new Map([[model.weight, tensor([1], [1, 1], on)]]), 0.001); // bf16 has nothing between 0.99609375 and 1
 *   values.push(...(await model.weight.host()));
 * }
 * console.log(values); // [ 1, 0.99609375, 0.99609375, 0.99609375 ]
 * ```
 */
export async function masterWeights(model: Part, optimiser: (masters: Part) => Optimiser): Promise<Optimiser> {
  const masters = new Map<string, Master>();
  const parameters = new Map<string, Parameter>();
  for (const [path, parameter] of model.parameters()) {
    const { dtype, shape } = parameter.type;
    if (parameter.frozen || !isHalf(dtype)) {
      parameters.set(path, parameter);
      continue;
    }
    const values = Float32Array.from(await parameter.host());
    const master = new Parameter(shape, () => values);
    if (parameter.isPlaced) await master.place(parameter.value.backend);
    masters.set(path, { path, parameter, master });
    parameters.set(path, master);
  }
  if (masters.size === 0)
    throw new ConfigError(
      "masterWeights: nothing that is trained of the model is stored in 16 bits; give the model itself to an optimiser, or await storeWeights() of it first",
    );
  return new MasterWeights(masters, optimiser(new Listed(parameters)));
}

/** A parameter of the model, and what it is rounded from. */
interface Master {
  readonly path: string;
  readonly parameter: Parameter;
  readonly master: Parameter;
}

/** Parameters under paths of their own choice. */
class Listed extends Part {
  constructor(parameters: ReadonlyMap<string, Parameter>) {
    super();
    Object.assign(this, Object.fromEntries(parameters));
  }
}

/** p ← m, rounded to the dtype of p. */
const roundOp: Update<[p: Tensor, m: Tensor], None, readonly [p: Tensor]> = {
  kind: "update",
  name: "training/round",
  gradient: null,
  infer: ([p]) => [p],
  compose: ([p, m]) => [cast(m, p.dtype)],
};

class MasterWeights implements Optimiser {
  readonly #masters: ReadonlyMap<Parameter, Master>;
  readonly #inner: Optimiser;

  constructor(masters: ReadonlyMap<string, Master>, inner: Optimiser) {
    this.#masters = new Map([...masters.values()].map((each) => [each.parameter, each]));
    this.#inner = inner;
  }

  get steps(): number {
    return this.#inner.steps;
  }

  step(gradients: Gradients, rate: number): void {
    const changed: Master[] = [];
    const own = new Map<Parameter, Tensor>();
    for (const [parameter, gradient] of gradients) {
      const found = this.#masters.get(parameter);
      if (found === undefined) expectNoHalf(parameter);
      else {
        expectSame(found);
        changed.push(found);
      }
      own.set(found?.master ?? parameter, gradient);
    }
    this.#inner.step(own, rate);
    for (const { parameter, master } of changed) Variable.update(roundOp, [parameter], [master.value], {});
  }

  /** What the optimiser remembers, and `path.master` for each weight in 16 bits at `path`. */
  async state(): Promise<OptimiserState> {
    const masters = Array.from(this.#masters.values(), async ({ path, master }): Promise<[string, HostArray]> => [
      `${path}.master`,
      { shape: master.type.shape, data: Float32Array.from(await master.host()) },
    ]);
    return new Map([...(await this.#inner.state()), ...(await Promise.all(masters))]);
  }

  load(state: OptimiserState): void {
    const expected = new Map(
      [...this.#masters.values()].map(({ path, master }) => [`${path}.master`, master.type.shape]),
    );
    const [own, others]: [Map<string, HostArray>, Map<string, HostArray>] = [new Map(), new Map()];
    for (const [name, array] of state) (expected.has(name) ? own : others).set(name, array);
    const values = expectState("masterWeights", own, expected, () => false);
    this.#inner.load(others);
    for (const { path, master } of this.#masters.values()) master.assign(values(`${path}.master`));
  }

  [Symbol.dispose](): void {
    this.#inner[Symbol.dispose]();
    for (const { master } of this.#masters.values()) master[Symbol.dispose]();
  }
}

function expectNoHalf({ type: { dtype, shape } }: Parameter): void {
  if (!isHalf(dtype)) return;
  throw new ConfigError(
    `masterWeights: a weight [${shape.join(", ")}] in ${dtype} has no master: it was frozen or in f32 when the optimiser was made. Make a new one.`,
    { dtype, shape },
  );
}

function expectSame({ path, parameter, master }: Master): void {
  const { dtype } = parameter.type;
  if (!isHalf(dtype))
    throw new ConfigError(`masterWeights: ${path} is stored in ${dtype} by now; make a new optimiser`, { path, dtype });
  const [here, there] = [parameter.value.backend, master.value.backend];
  if (here === there) return;
  throw new BackendError(
    `masterWeights: ${path} lives on "${here.name}" and its master on "${there.name}"; make the optimiser anew after the model has moved, and load() the state of the old one`,
    { path, backends: [here.name, there.name] },
  );
}
