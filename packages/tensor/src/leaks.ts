import { BackendError } from "./errors.ts";
import { LeakSearch } from "./leak-search.ts";
import { bytesOf, show, type TensorType } from "./shape.ts";
import { currentObserver, observe } from "./tensor.ts";

/** Tensors that nobody freed, all made in one place. */
export interface Leak {
  /** What made them: an op's name, or a function such as `tensor()`. */
  readonly by: string;
  readonly type: TensorType;
  /** How many of this type were made in this place. */
  readonly count: number;
  /**
   * Who should have freed them. `holder`: they are in no scope, so whoever holds them. `scope`: their scope, which never ended.
   * `variable`: their variable, which was forgotten. `collected`: the garbage collector found them, and freed them late.
   */
  readonly reason: "holder" | "scope" | "variable" | "collected";
  /** Where: the innermost calls outside Tenon's own packages, as the engine writes them. */
  readonly stack: readonly string[];
}

/** How {@link findLeaks} looks. */
export interface FindLeaksOptions {
  /** Called when the garbage collector finds a tensor made by the body that nobody freed, also after `findLeaks` returned. */
  readonly collected?: (leak: Leak) => void;
  /** Runs the garbage collector. Default: the global `gc`, where there is one (Node with `--expose-gc`). */
  readonly collectGarbage?: () => void;
}

/** What {@link findLeaks} found. */
export interface FoundLeaks<T> {
  /** What the body returned. */
  readonly result: T;
  readonly leaks: readonly Leak[];
}

/**
 * A test mode: runs the body, which may be asynchronous, and finds the tensors that it made and that nobody will free.
 *
 * A tensor is no leak when it was freed, is in a scope (but one that the body opened must have ended), belongs to a `Variable`, or can be
 * reached from what the body returns, through arrays, maps, sets and the public properties of objects. Where the garbage collector can be
 * run, a variable that was forgotten without being disposed is found too. Sees all that is made while the body runs, so nothing
 * else should run then; one search at a time. Costs a stack trace for each tensor; while no search runs, one comparison.
 *
 * Throws `BackendError` within another search, and what the body throws.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2], [2], cpu());
 * const { leaks } = await findLeaks(() => {
 *   using scope = new Scope();
 *   scope.run(() => keep(mul(x, 2))); // and now it is nobody's
 * });
 * console.log(leaks[0]!.by, leaks[0]!.type.shape, leaks[0]!.reason); // mul [ 2 ] holder
 * ```
 */
export async function findLeaks<T>(
  body: () => T | Promise<T>,
  { collected, collectGarbage = (globalThis as { gc?: () => void }).gc }: FindLeaksOptions = {},
): Promise<FoundLeaks<T>> {
  if (currentObserver() !== undefined)
    throw new BackendError(
      "findLeaks() runs already, and sees all tensors that are made; run one search after the other",
    );
  const search = new LeakSearch(collected);
  observe(search);
  let result: T;
  try {
    result = await body();
  } finally {
    observe(undefined);
  }
  if (collectGarbage !== undefined) {
    await new Promise((resolve) => setTimeout(resolve)); // a weak reference holds until the task ends in which it was used
    collectGarbage();
  }
  return { result, leaks: search.leaks(result) };
}

const remedies: Record<Leak["reason"], string> = {
  holder: "in no scope: whoever holds it must dispose it, or return it from a scope",
  scope: "in a scope that never ended: declare it as `using scope = new Scope()`",
  variable: "in a variable that was forgotten: dispose a variable before it is replaced",
  collected: "found by the garbage collector: dispose it, or make it in a scope",
};

/**
 * Leaks as text, those of the most bytes first.
 *
 * @example
 * ```ts
 * const { leaks } = await findLeaks(() => 0);
 * console.log(formatLeaks(leaks)); // no leaks
 * ```
 */
export function formatLeaks(leaks: readonly Leak[]): string {
  if (leaks.length === 0) return "no leaks";
  const bytes = (leak: Leak): number => leak.count * bytesOf(leak.type);
  const tensors = leaks.reduce((sum, { count }) => sum + count, 0);
  const total = leaks.reduce((sum, leak) => sum + bytes(leak), 0);
  const lines = [...leaks]
    .sort((a, b) => bytes(b) - bytes(a))
    .flatMap(({ by, type, count, reason, stack }) => [
      `  ${count} × ${type.dtype} ${show(type.shape)} by ${by}, ${remedies[reason]}`,
      ...stack.map((frame) => `      ${frame}`),
    ]);
  return [`${tensors} ${tensors === 1 ? "tensor" : "tensors"} leaked, ${total} bytes:`, ...lines].join("\n");
}
