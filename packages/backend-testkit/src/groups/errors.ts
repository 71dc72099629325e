import { add, cpu, exp, isTenonError, matmul, mul, tensor, type Backend } from "@tenon/tensor";

import type { Group } from "./group.ts";

/** Throws unless `body` throws the error of this kind with each of these words in its message. */
export function expectError(body: () => unknown, kind: string, ...words: readonly string[]): void {
  let error: unknown;
  try {
    body();
  } catch (caught) {
    error = caught;
  }
  const wanted = [`a ${kind}`, ...words.map((word) => `"${word}"`)].join(" with ");
  if (error === undefined) throw new Error(`nothing was thrown, expected ${wanted}`);
  if (!isTenonError(error, kind)) {
    const thrown = error instanceof Error ? error.message : typeof error;
    throw new Error(`"${thrown}" was thrown, expected ${wanted}`, { cause: error });
  }
  for (const word of words)
    if (!error.message.includes(word)) throw new Error(`the ${kind} says "${error.message}", expected "${word}" in it`);
}

const pair = (on: Backend): ReturnType<typeof tensor> => tensor([1, 2], [2], on);

/** `errors/…`: what is refused, with an error that names the thing. */
export const errors: Group = () => [
  [
    "errors/two backends in one call",
    (on) => {
      using x = pair(on);
      using y = pair(cpu());
      expectError(() => add(x, y), "BackendError", "add", "neither wraps the other");
    },
  ],
  [
    "errors/a tensor that was freed",
    async (on) => {
      const x = pair(on);
      x[Symbol.dispose]();
      expectError(() => exp(x), "BackendError", "exp", "input 0 was already freed");
      const error = await x.read().catch((cause: unknown) => cause);
      if (!isTenonError(error, "BackendError")) throw new Error(`a read of it gave ${String(error)}`);
    },
  ],
  [
    "errors/shapes that do not fit",
    (on) => {
      using x = pair(on);
      using y = tensor([1, 2, 3], [3], on);
      expectError(() => mul(x, y), "ShapeError", "mul", "[2]", "[3]");
      expectError(() => matmul(x, y), "ShapeError", "matmul");
    },
  ],
  [
    "errors/dtypes that differ",
    (on) => {
      using x = pair(on);
      using y = tensor([1, 2], [2], on, "i32");
      expectError(() => add(x, y), "DTypeError", "add", "f32", "i32");
    },
  ],
  [
    "errors/a lift of a tensor of another chain",
    (on) => {
      using x = pair(cpu());
      expectError(() => on.lift(x), "BackendError");
    },
  ],
];
