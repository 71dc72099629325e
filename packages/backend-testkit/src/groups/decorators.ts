import {
  add,
  apply,
  autodiff,
  cpu,
  dryRun,
  fallback,
  kernelFor,
  none,
  profile,
  record,
  replay,
  scoped,
  tensor,
  type Backend,
  type Graph,
  type None,
  type Op,
  type Primitive,
  type Tensor,
  type TypedArray,
} from "@tenon/tensor";
import {
  asDType,
  describeCase,
  expectNumbers,
  isReal,
  type OpCase,
  ruleGradients,
  weighted,
} from "@tenon/tensor/testing";

import type { Tolerances } from "../backend-test.ts";
import { compare } from "../compare.ts";
import { testedOps } from "../ops.ts";
import { disposeAll, isKernel, readAll, runCall } from "../run-op.ts";
import { usualRuns, type Group } from "./group.ts";

interface Called {
  readonly op: Op;
  readonly each: OpCase;
  readonly what: string;
}

/** Cases of every op, and once more in half precision where the op takes it: at most so many of an op, evenly spread. */
const callsOf = (most: number): Called[] =>
  testedOps.flatMap(({ name, op, cases }) => {
    const halves = cases.map((each) => asDType(op, each, "f16")).filter((each) => each !== undefined);
    return spread([...cases, ...halves], most).map((each) => ({ op, each, what: describeCase(name, each) }));
  });

const spread = <T>(list: readonly T[], most: number): readonly T[] =>
  list.length <= most ? list : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]!);
const exactly: Pick<Tolerances, "f32" | "f16"> = { f32: 0, f16: 0 };

/** Runs each call with and without a decorator, and compares. */
async function sameValues(
  calls: readonly Called[],
  on: Backend,
  decorated: Backend,
  { f32, f16 }: typeof exactly,
): Promise<void> {
  for (const { op, each, what } of calls) {
    const expected = await readAll(runCall(op, each, on));
    for (const [i, result] of (await readAll(runCall(op, each, decorated))).entries())
      compare(result, expected[i]!, result.dtype === "f16" ? f16 : f32, `${what} on ${decorated.name}`);
  }
}

/** Gradients of a few ops through a decorator and without. */
async function sameGradients(on: Backend, decorated: Backend, tolerance: number): Promise<void> {
  for (const { op, cases } of testedOps) {
    const each = cases.find(isReal);
    if (each === undefined || op.gradient === null || op.kind === "update") continue;
    const [plain, through] = [weighted(op, each, on), weighted(op, each, decorated)];
    try {
      const what = `the gradient of ${describeCase(op.name, each)} on ${decorated.name}`;
      expectNumbers(await ruleGradients(through), await ruleGradients(plain), tolerance, what);
    } finally {
      disposeAll([...plain.placed, ...through.placed]);
    }
  }
}

async function profiles(calls: readonly Called[], on: Backend): Promise<void> {
  const profiled = profile(on);
  await sameValues(calls, on, profiled, exactly);
  const rows = await profiled.report();
  for (const { op, each, what } of calls) {
    const how = isKernel(op, [each], on) ? "kernel" : "composed";
    if (!rows.some((row) => row.op === op.name && row.how === how))
      throw new Error(`${what} ran as ${how}, but no row of the profile says so`);
  }
}

async function replays(calls: readonly Called[], on: Backend): Promise<void> {
  for (const { op, each, what } of calls) {
    using recorder = record(on);
    const recorded = runCall(op, each, recorder);
    const graph = recorder.graph(Object.fromEntries(recorded.map((tensor, i) => [`y${i}`, tensor])));
    const expected = await readAll(recorded);
    const again = replay(JSON.parse(JSON.stringify(graph)) as Graph, { constants: recorder.constants(), on });
    const results = await readAll(expected.map((_, i) => again[`y${i}`]!));
    for (const [i, result] of results.entries()) compare(result, expected[i]!, 0, `${what}, replayed`);
  }
}

async function sameTypes(calls: readonly Called[], on: Backend): Promise<void> {
  const dry = dryRun({ like: on });
  for (const { op, each, what } of calls) {
    const [ghosts, results] = [runCall(op, each, dry), runCall(op, each, on)];
    for (const [i, { type }] of results.entries()) {
      const found = ghosts[i]?.type;
      if (found?.dtype !== type.dtype || found.shape.join() !== type.shape.join())
        throw new Error(
          `${what}: result ${i} is ${type.dtype} [${type.shape.join(", ")}], but in the dry run ${found?.dtype} [${found?.shape.join(", ")}]`,
        );
    }
    disposeAll(ghosts);
    await readAll(results);
  }
  if (dry.memory().tensors !== 0) throw new Error(`${dry.memory().tensors} tensors are left in the dry run`);
}

const twiceOp: Primitive<[x: Tensor], None> = { kind: "primitive", name: "testkit/twice", infer: ([x]) => x };

const twice = kernelFor<TypedArray, typeof twiceOp>(twiceOp, ([x]) => x.map((value) => 2 * value));

async function moves(calls: readonly Called[], on: Backend): Promise<void> {
  const all = fallback(on, cpu());
  await sameValues(calls, on, all, exactly);
  if (all.moved().length > 0) throw new Error(`ops moved that have kernels here:\n${all.table()}`);

  const other = cpu({ extra: [twice] });
  const some = fallback(on, other);
  using x = tensor([1, 2, 3], [3], some);
  using y = scoped(() => add(apply(twiceOp, [x], none), 1));
  expectNumbers(await y.read(), [3, 5, 7], 0, "what moved there and back");
  const moved = some.moved().map(({ op, calls: n }) => `${op} ${n}`);
  if (moved.join() !== "testkit/twice 1") throw new Error(`moved() says ${moved.join()}, expected testkit/twice 1`);
  if (other.memory().tensors !== 0) throw new Error(`${other.memory().tensors} tensors are left where it moved to`);
}

/**
 * `decorators/…`: every decorator around the backend, alone and in stacks, gives what the backend gives, and frees all of it. With fewer runs
 * than usual, for a backend that compiles slowly, so many calls of each op are enough.
 */
export const decorators: Group = (runs) => {
  const calls = callsOf(runs < usualRuns ? runs : Infinity);
  return [
    ["decorators/autodiff", (on, tolerances) => sameValues(calls, on, autodiff(on), tolerances)],
    ["decorators/profile", (on) => profiles(calls, on)],
    ["decorators/record and replay", (on) => replays(calls, on)],
    ["decorators/dryRun", (on) => sameTypes(calls, on)],
    ["decorators/fallback", (on) => moves(calls, on)],
    [
      "decorators/stacked",
      async (on, tolerances) => {
        using recorder = record(fallback(on, cpu()));
        await sameGradients(on, profile(recorder), tolerances.gradient);
        await sameValues(calls, on, autodiff(profile(on)), tolerances);
      },
    ],
  ];
};
