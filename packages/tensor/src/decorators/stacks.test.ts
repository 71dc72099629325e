// Decorators in every order: each stack computes what the backend alone computes, forward and gradients, or says why not.
import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { BackendError } from "../errors.ts";
import { gelu } from "../ops/activation.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { layerNorm } from "../ops/norm.ts";
import { exp } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { softmax } from "../ops/softmax.ts";
import { topK } from "../ops/top-k.ts";
import { random } from "../random.ts";
import { Scope, scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { withoutKernels } from "../testing/without-kernels.ts";
import { Autodiff, autodiff } from "./autodiff.ts";
import { layersOf } from "./decorator.ts";
import { differentiate } from "./differentiate.ts";
import { DryRun, dryRun } from "./dry-run.ts";
import { Fallback, fallback } from "./fallback.ts";
import { Profile, profile } from "./profile.ts";
import { Recorder, record } from "./record.ts";
import { replay } from "./replay.ts";
import { Variable } from "../variable.ts";

const kinds = {
  autodiff,
  profile,
  record: (inner: Backend) => record(inner),
  fallback: (inner: Backend) => fallback(inner, cpu()),
} as const;
type Kind = keyof typeof kinds;
const names = Object.keys(kinds) as Kind[];
const roots: { readonly [name: string]: () => Backend } = {
  cpu: () => cpu(),
  "cpu, composed": () => cpu({ fused: false }),
  promises: () => promiseBackend(random(9)),
  dryRun: () => dryRun({ like: cpu() }),
};

/** All orders of 1 to 4 different kinds, and each kind twice; from the outermost in. */
function stacks(): Kind[][] {
  const longer = (stack: Kind[]): Kind[][] => [
    stack,
    ...names.filter((name) => !stack.includes(name)).flatMap((name) => longer([...stack, name])),
  ];
  return [...names.flatMap((name) => longer([name])), ...names.map((name) => [name, name])];
}

function build(stack: readonly Kind[], root: Backend): Backend {
  // A fallback has something to move; and the stack has a decorator in it that nobody here knows.
  const base = stack.includes("fallback") && !(root instanceof DryRun) ? withoutKernels(root, "exp") : root;
  return stack.reduceRight<Backend>((inner, kind) => kinds[kind](inner), base);
}

/** Why a stack makes no sense, as its decorator says it; undefined where it does. */
function refusal(stack: readonly Kind[], root: string): string | undefined {
  // Built from the inside: the first that objects is heard.
  for (let i = stack.length - 1; i >= 0; i--) {
    const inside = stack.slice(i + 1);
    if (root === "dryRun" && stack[i] === "profile")
      return "a dry run computes nothing, so there is no time to measure";
    if (stack[i] !== "fallback") continue;
    if (root === "dryRun") return "a dry run has no values that could move";
    if (inside.includes("autodiff")) return "write autodiff(fallback(…)) instead";
    if (inside.includes("record")) return "write record(fallback(…)) instead";
  }
  return undefined;
}

const data = [0.5, -1, 2, 0.25, 1.5, -0.75];
/** One loss that meets a fused composite, a primitive, a view, an op with two results, a number and a constant from the root. */
function lossOf(x: Tensor, constant: Tensor): Tensor {
  const normal = layerNorm(mul(x, 2), constant, constant);
  const [values] = topK(softmax(add(gelu(normal), exp(x))), 2);
  return sum(mul(reshape(values, [4]), 3));
}
/** The tensor as a backend within holds it, for the caller to dispose. */
function lowered(tensor: Tensor, to: Backend): Tensor {
  let at = tensor.backend.share(tensor, tensor.type);
  while (at.backend !== to) {
    const outer = at;
    at = outer.backend.lower(outer);
    outer[Symbol.dispose]();
  }
  return at;
}
async function expected() {
  const on = cpu();
  const x = Variable.holding(tensor(data, [2, 3], on));
  const constant = tensor([1, 2, 3], [3], on);
  const { value, gradients } = differentiate([x], () => lossOf(x.value, constant));
  return { loss: (await value.read())[0]!, gradient: await gradients[0]!.read() };
}
const near = (actual: ArrayLike<number>, wanted: ArrayLike<number>): void => {
  expect(actual.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(actual[i]).toBeCloseTo(wanted[i]!, 5);
};

describe.each(Object.keys(roots))("over %s", (rootName) => {
  test.each(stacks().map((stack) => [stack.join(" of "), stack] as const))("%s", async (_, stack) => {
    const root = roots[rootName]!();
    const reason = refusal(stack, rootName);
    if (reason !== undefined) {
      expect(() => build(stack, root)).toThrow(BackendError);
      expect(() => build(stack, root)).toThrow(reason);
      return;
    }
    const on = build(stack, root);
    const layers = layersOf(on);
    expect(on.name.startsWith(stack[0]!)).toBe(true);
    const tape = layers.find((layer) => layer instanceof Autodiff);
    const recorder = layers.find((layer) => layer instanceof Recorder);

    const before = root.memory();
    using scope = new Scope();
    // The inputs come from the root; what is lifted where is the backends' business.
    const below = scope.run(() => tensor(data, [2, 3], root));
    const constant = scope.run(() => tensor([1, 2, 3], [3], root));
    using watched = tape === undefined ? root.share(below, below.type) : tape.watch(below);
    using x = watched.backend === on ? on.share(watched, watched.type) : on.lift(watched);
    const loss = scope.run(() => scoped(() => lossOf(x, constant)));
    expect([loss.backend === on, loss.shape]).toEqual([true, []]);
    let gradient: Tensor | undefined;
    if (tape !== undefined) {
      using onTape = lowered(loss, tape);
      [gradient] = tape.gradients(onTape, [watched]);
      expect([gradient!.backend === tape.inner, gradient!.shape]).toEqual([true, [2, 3]]);
    }

    if (rootName === "dryRun") {
      await expect(loss.read()).rejects.toThrow("computes nothing");
    } else {
      const { loss: wantedLoss, gradient: wantedGradient } = await expected();
      near(await loss.read(), [wantedLoss]);
      if (gradient !== undefined) near(await gradient.read(), wantedGradient);
    }
    for (const layer of layers) {
      if (layer instanceof Fallback) {
        // Of two fallbacks the inner one does the work.
        const innermost = !layersOf(layer.inner).some((one) => one instanceof Fallback);
        expect(layer.moved().some(({ op }) => op === "exp")).toBe(innermost);
      }
      if (layer instanceof Profile) {
        const rows = await layer.report();
        const ops = rows.map(({ op }) => op);
        expect(ops).toEqual(expect.arrayContaining(["topK", "reshape"]));
        const inFallback = layers.some((one) => one instanceof Fallback && layersOf(one.inner).includes(layer));
        expect(ops.includes("exp")).toBe(!inFallback); // it ran elsewhere
        const inTape = tape !== undefined && layersOf(tape.inner).includes(layer);
        expect(ops.includes("scatterAlong")).toBe(inTape); // the backward pass
      }
    }
    if (recorder !== undefined) {
      const inTape = tape !== undefined && layersOf(tape.inner).includes(recorder);
      const graph = recorder.graph({ loss, ...(inTape ? { gradient: gradient! } : {}) });
      expect(graph.nodes.map(({ op }) => op)).toEqual(expect.arrayContaining(["topK", "exp", "reshape"]));
      if (rootName !== "dryRun") {
        const constants = recorder.constants();
        const again = scope.run(() => replay(JSON.parse(JSON.stringify(graph)), { constants, on: cpu() }));
        const wanted = await expected();
        near(await again["loss"]!.read(), [wanted.loss]);
        if (inTape) near(await again["gradient"]!.read(), wanted.gradient);
      }
    }

    gradient?.[Symbol.dispose]();
    for (const layer of layers) if (layer instanceof Recorder) layer[Symbol.dispose]();
    for (const tensor of [watched, x]) tensor[Symbol.dispose]();
    scope[Symbol.dispose]();
    expect(root.memory()).toEqual(before);
  });
});
