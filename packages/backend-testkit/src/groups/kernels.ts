import { Tensor, type Attrs, type Backend, type Inputs, type Op } from "@tenon/tensor";
import { describeCase, type OpCase } from "@tenon/tensor/testing";

import { testedOps } from "../ops.ts";
import { isKernel, readAll, runCall } from "../run-op.ts";
import type { Group } from "./group.ts";

/** The backend and those that it wraps: a decorator may leave the composition to the one within. */
function layersOf(on: Backend): Backend[] {
  return on.inner === undefined ? [on] : [on, ...layersOf(on.inner)];
}

/** Throws unless every tensor is of one of these backends. */
function expectHome(tensors: Inputs, homes: readonly Backend[], what: string): void {
  for (const tensor of tensors) {
    if (!(tensor instanceof Tensor) || homes.includes(tensor.backend)) continue;
    const [{ name }] = homes as [Backend];
    const which = tensor.backend.name === name ? "another backend of that name" : `"${tensor.backend.name}"`;
    throw new Error(`${what} is on ${which}, expected it on "${name}", which was asked`);
  }
}

/** Runs a case, and throws unless what computed it is what `supports` says. */
async function check(op: Op, each: OpCase, on: Backend): Promise<boolean> {
  const what = describeCase(op.name, each);
  const kernel = isKernel(op, [each], on);
  if (op.kind === "primitive" && !kernel) throw new Error(`${what}: there is no kernel, and a primitive needs one`);
  let compositions = 0;
  const compose = "compose" in op ? op.compose : undefined;
  const watched = (inputs: Inputs, attrs: Attrs): unknown => {
    if (kernel) throw new Error(`${what}: supports() says that a kernel runs, but the composition did`);
    compositions++;
    expectHome(inputs, layersOf(on), `${what}: an input of the composition`);
    return compose!(inputs, attrs);
  };
  const results = runCall(compose === undefined ? op : ({ ...op, compose: watched } as unknown as Op), each, on);
  try {
    expectHome(results, [on], `${what}: the result`);
  } finally {
    await readAll(results); // what fails later surfaces here
  }
  if (kernel || compositions > 0) return kernel;
  throw new Error(`${what}: supports() says that there is no kernel, but the composition did not run`);
}

/**
 * `kernels/<op>`: nothing moves silently. Where the backend says that it has a kernel, the op works without its composition; where it says
 * that it has none, the composition runs, on the same backend. Results are always the backend's own.
 */
export const kernels: Group = () =>
  testedOps.map(({ name, op, cases }) => [
    `kernels/${name}`,
    async (on) => {
      let some = false;
      for (const each of cases) if (await check(op, each, on)) some = true;
      return { how: some ? "kernel" : "composed" };
    },
  ]);
