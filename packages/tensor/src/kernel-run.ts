import { BackendError } from "./errors.ts";
import type { KernelCall } from "./kernel-call.ts";
import type { AnyRun } from "./kernel.ts";
import type { Attrs, Op } from "./op.ts";

export const isPromise = (x: unknown): x is Promise<unknown> =>
  typeof x === "object" && x !== null && typeof (x as { then?: unknown }).then === "function";

type Results<D> = D | readonly D[];

/** Runs a kernel. Once its results are there they are checked, and what else it allocated is freed: room to work in, or all of it when it failed. */
export function runKernel<D>(
  backend: string,
  run: AnyRun<D>,
  op: Op,
  update: boolean,
  data: readonly (D | number | undefined)[],
  attrs: Attrs,
  call: KernelCall<D>,
): Results<D> | Promise<Results<D>> {
  let result: Results<D> | Promise<Results<D>>;
  try {
    result = run(data, attrs, call);
    if (!isPromise(result)) return finished(backend, op, update, data, call, result);
  } catch (cause) {
    return failed(call, cause);
  }
  return result
    .then((made) => finished(backend, op, update, data, call, made))
    .catch((cause: unknown) => failed(call, cause));
}

function failed<D>(call: KernelCall<D>, cause: unknown): never {
  call.freeScratch(undefined);
  throw cause;
}

function finished<D>(
  backend: string,
  op: Op,
  update: boolean,
  data: readonly (D | number | undefined)[],
  call: KernelCall<D>,
  result: Results<D>,
): Results<D> {
  if (!update) expectFresh(backend, op, data, result);
  call.freeScratch(result);
  return result;
}

/** A kernel that returns its input would give one storage two owners, and the first to be freed would take it from the other. */
function expectFresh(backend: string, op: Op, inputs: readonly unknown[], result: unknown): void {
  const several = Array.isArray(result);
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (input !== result && !(several && typeof input === "object" && result.includes(input))) continue;
    throw new BackendError(`${backend}: the kernel of ${op.name} returned its input; it must return fresh storage`, {
      op: op.name,
      backend,
    });
  }
}

/** Why the results of an op that failed in the queue cannot be read. */
export const kernelError = (backend: string, op: Op, cause: unknown): BackendError =>
  cause instanceof BackendError
    ? cause
    : new BackendError(
        `${op.name} failed on ${backend}: ${(cause as Error).message}`,
        { op: op.name, backend },
        { cause },
      );
