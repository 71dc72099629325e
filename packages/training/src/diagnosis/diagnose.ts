import { observeModules, type Parameter, type Part, valueAndGrad } from "@tenon/nn";
import { type Backend, isQuantized, type Tensor, Variable } from "@tenon/tensor";

import { homeOf } from "../home.ts";
import { type Diagnosis, ofNorm, ofNothing, ofOp, ofParameter } from "./diagnosis.ts";
import { FiniteCheck } from "./finite-check.ts";
import { areFinite, normOf, type Numbers, numbersIn, together } from "./numbers-in.ts";

/** What one run under a {@link FiniteCheck} left. */
interface Looked {
  readonly check: FiniteCheck;
  readonly value: Tensor;
  readonly gradients: ReadonlyMap<Parameter, Tensor>;
  /** The paths of the modules in the order in which they ended. */
  readonly order: readonly string[];
}

/**
 * Finds out why a loss or its gradients are not finite: computes both once more with an eye on every tensor, and says which was the first that has a NaN
 * or +∞ in it, which op gave it in which module, and whether its inputs were finite. `loss` is given the backend to compute on. The model
 * is unchanged. It takes a few times as long as a step.
 *
 * Throws what the loss throws, and what `valueAndGrad` does.
 *
 * @example
 * ```ts
 * class Root extends Module<[x: Tensor], Tensor> {
 *   readonly scale: Linear = new Linear({ input: 2, output: 2, random: random(1) });
 *   protected override compute(x: Tensor): Tensor {
 *     return sqrt(this.scale.forward(x));
 *   }
 * }
 * const model = await new Root().to(cpu());
 * const found = await diagnose(model, (on) => mean(model.forward(tensor([1, 1, -1, -1], [2, 2], on))));
 * console.log(found.kind, found.op); // forward sqrt
 * ```
 */
export async function diagnose(model: Part, loss: (on: Backend) => Tensor): Promise<Diagnosis> {
  const home = homeOf("diagnose", model);
  const broken = await brokenParameter(model);
  if (broken !== undefined) return broken;
  const looked = look(model, home, loss);
  try {
    const index = await firstNotFinite(looked);
    if (index === undefined) return await ofGradients(model, looked);
    const seen = looked.check.seen[index]!;
    const { numbers, inputs } = await closer(model, home, loss, index);
    return ofOp(seen, numbers, inputs, seen.backward ? await brokenGradient(model, looked) : undefined);
  } finally {
    release(looked);
  }
}

/**
 * The number of the first tensor with a NaN or +∞ on the way to the loss. Where there is none and the loss is −∞, of the first of those with a −∞ that lead to it
 * without a break. Where the loss is finite, of the first with a NaN or +∞ on the way back.
 */
async function firstNotFinite({ check: { seen } }: Looked): Promise<number | undefined> {
  const isFinite = async (flag: Tensor): Promise<boolean> => Number.isFinite((await flag.read())[0]!);
  const back = seen.findIndex(({ backward }) => backward);
  const end = back < 0 ? seen.length : back;
  for (let i = 0; i < end; i++) if (!(await isFinite(seen[i]!.flag))) return i;
  let first = end;
  while (first > 0 && !(await isFinite(seen[first - 1]!.strict))) first--;
  if (first < end) return first;
  for (let i = end; i < seen.length; i++) if (!(await isFinite(seen[i]!.flag))) return i;
  return undefined;
}

async function brokenParameter(model: Part): Promise<Diagnosis | undefined> {
  for (const [path, parameter] of model.parameters()) {
    if (isQuantized(parameter.type.dtype)) continue;
    const numbers = numbersIn(await parameter.host());
    if (!areFinite(numbers)) return ofParameter(path, parameter.type.shape, numbers);
  }
  return undefined;
}

function look(model: Part, home: Backend, loss: (on: Backend) => Tensor, capture?: number): Looked {
  const check = new FiniteCheck(home, capture);
  const paths = new Map<object, string>(Array.from(model.parts(), ([path, part]) => [part, path]));
  const order: string[] = [];
  const observer = (module: object, run: () => unknown): unknown => {
    const outer = check.module;
    const path = paths.get(module);
    check.module = path ?? outer; // one that is made on the way counts to the module that made it
    try {
      return run();
    } finally {
      check.module = outer;
      if (path !== undefined) order.push(path);
    }
  };
  const forward = (): Tensor => {
    const value = observeModules(observer, () => loss(check));
    check.backward = true;
    return value;
  };
  try {
    const found = Variable.lend(
      [...model.parameters().values()],
      (value) => check.lift(value),
      () => valueAndGrad(model, forward),
    );
    return { check, ...found, order };
  } catch (error) {
    check[Symbol.dispose]();
    throw error;
  }
}

function release({ check, value, gradients }: Looked): void {
  check[Symbol.dispose]();
  value[Symbol.dispose]();
  for (const gradient of gradients.values()) gradient[Symbol.dispose]();
}

/** The numbers of the tensor with this number, and those that it was made from. */
async function closer(
  model: Part,
  home: Backend,
  loss: (on: Backend) => Tensor,
  index: number,
): Promise<{ numbers: Numbers; inputs: Numbers }> {
  const looked = look(model, home, loss, index);
  try {
    const { inputs, output } = looked.check.captured!;
    const given: Numbers[] = [];
    for (const input of inputs) if (!isQuantized(input.dtype)) given.push(numbersIn(await input.read()));
    return { numbers: numbersIn(await output.read()), inputs: together(given) };
  } finally {
    release(looked);
  }
}

/** The parameters in the order in which the way back reaches them: those of the module that ended last come first. */
function onTheWayBack(model: Part, { gradients, order }: Looked): [path: string, gradient: Tensor][] {
  const last = new Map(order.map((path, index) => [path, index]));
  const found: { path: string; gradient: Tensor; rank: number }[] = [];
  for (const [path, parameter] of model.parameters()) {
    const gradient = gradients.get(parameter);
    if (gradient === undefined) continue;
    found.push({ path, gradient, rank: last.get(path.split(".").slice(0, -1).join(".")) ?? -1 });
  }
  return found.sort((a, b) => b.rank - a.rank).map(({ path, gradient }) => [path, gradient]);
}

async function brokenGradient(model: Part, looked: Looked): Promise<string | undefined> {
  for (const [path, gradient] of onTheWayBack(model, looked))
    if (!areFinite(numbersIn(await gradient.read()))) return path;
  return undefined;
}

async function ofGradients(model: Part, looked: Looked): Promise<Diagnosis> {
  let largest: { path: string; gradient: Tensor; norm: number } | undefined;
  let squares = 0;
  for (const [path, gradient] of onTheWayBack(model, looked)) {
    const norm = normOf(await gradient.read());
    squares += norm * norm;
    if (largest === undefined || norm > largest.norm) largest = { path, gradient, norm };
  }
  // Beyond what f32 holds.
  if (largest === undefined || Math.fround(squares) !== Infinity) return ofNothing;
  return ofNorm(largest.path, largest.gradient.shape, largest.norm);
}
