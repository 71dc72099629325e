import { BackendError } from "./errors.ts";
import { currentObserver, guard, Tensor } from "./tensor.ts";

// Set only while synchronous code runs inside a scope, so no scope is ever active across an `await`.
let current: Scope | undefined;

/**
 * The scope that a result made now would enter; undefined where there is none.
 *
 * @example
 * ```ts
 * const scope = new Scope();
 * console.log(scope.run(() => currentScope() === scope), currentScope()); // true undefined
 * ```
 */
export const currentScope = (): Scope | undefined => current;

/**
 * Holds tensors and frees them together. For asynchronous code: re-enter it with `run` after each `await`.
 *
 * @example
 * ```ts
 * const on = cpu();
 * using scope = new Scope();
 * const y = scope.run(() => mul(tensor([1, 2], [2], on), 2));
 * console.log(await y.read()); // Float32Array(2) [ 2, 4 ]
 * const z = scope.run(() => add(y, 1)); // the same scope again
 * ```
 */
export class Scope {
  #owned: Tensor[] = [];
  #ended = false;
  /** The search for leaks that it was made in. */
  readonly observer: unknown = currentObserver();
  /** Runs the synchronous body with this scope active. Throws `BackendError` once the scope has ended. */
  run<T>(body: () => T): T {
    if (this.#ended)
      throw new BackendError("this scope has ended, and would never free what is made in it; make a new Scope()");
    const previous = current;
    current = this;
    try {
      return body();
    } finally {
      current = previous;
    }
  }
  /** Has it freed what it held? */
  get ended(): boolean {
    return this.#ended;
  }
  /** Takes over a tensor that no scope holds, or that another holds. */
  adopt(tensor: Tensor): void {
    tensor.scope = this;
    this.#owned.push(tensor);
  }
  /** Ends the scope and frees what it holds. */
  [Symbol.dispose](): void {
    this.#ended = true;
    const owned = this.#owned;
    this.#owned = [];
    for (let i = 0; i < owned.length; i++) {
      const tensor = owned[i]!;
      if (tensor.scope !== this) continue; // it moved on
      tensor.scope = undefined;
      tensor[Symbol.dispose]();
    }
  }
}

/** Where a fresh result goes: the active scope, or the net when there is none. `by` names the op or function that made it. */
export function track(tensor: Tensor, by = "a backend"): void {
  currentObserver()?.made(tensor, by);
  if (current === undefined) guard(tensor);
  else current.adopt(tensor);
}

/**
 * Takes a tensor out of its scope, and gives it back: from here on its holder disposes it, and the garbage collector catches the forgetful.
 *
 * @example
 * ```ts
 * const on = cpu();
 * let y: Tensor | undefined;
 * scoped(() => void (y = keep(add(zeros([2], on), 1))));
 * console.log(await y!.read()); // Float32Array(2) [ 1, 1 ]
 * ```
 */
export function keep<T extends Tensor>(tensor: T): T {
  tensor.scope = undefined;
  guard(tensor);
  return tensor;
}

/** Moves every tensor of `from` that is reachable in plain arrays and objects of `value` to `to`. */
function move(value: unknown, from: Scope, to: Scope | undefined): void {
  if (value instanceof Tensor) {
    if (value.scope !== from) return;
    if (to === undefined) keep(value);
    else to.adopt(value);
  } else if (Array.isArray(value)) {
    for (const item of value) move(item, from, to);
  } else if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) move(item, from, to);
  }
}

type Synchronous<T> = T extends PromiseLike<unknown> ? never : T;

/**
 * Runs the body and frees every tensor that it made, except those in what it returns (a tensor, or plain arrays and objects
 * of tensors). Synchronous, by type and at run time; asynchronous code uses a {@link Scope}.
 *
 * @example
 * ```ts
 * const x = tensor([3, 4], [2], cpu());
 * const norm = scoped(() => sqrt(sum(mul(x, x)))); // the square is freed, the norm is not
 * console.log(await norm.read()); // Float32Array(1) [ 5 ]
 * ```
 */
export function scoped<T>(body: () => Synchronous<T>): T {
  const outer = current;
  const scope = new Scope();
  current = scope;
  try {
    const result = body() as T;
    if (result !== null && typeof result === "object" && "then" in result) {
      throw new BackendError(
        "scoped() got a promise, but a scope is synchronous: use `using scope = new Scope()` and scope.run(…) after each await",
      );
    }
    move(result, scope, outer);
    return result;
  } finally {
    current = outer;
    scope[Symbol.dispose]();
  }
}

/**
 * For backends: like {@link scoped}, but the results belong to the caller and to no scope. A result that the body did not make
 * (an argument that a composition passes through) is returned as a fresh alias, so that an op never returns its argument.
 */
export function owned(body: () => Tensor | readonly Tensor[]): Tensor | readonly Tensor[] {
  const outer = current;
  const scope = new Scope();
  current = scope;
  try {
    const result = body();
    const take = (tensor: Tensor): Tensor => {
      if (tensor.scope !== scope) return tensor.backend.share(tensor, tensor.type);
      tensor.scope = undefined;
      currentObserver()?.handedOver(tensor);
      return tensor;
    };
    return result instanceof Tensor ? take(result) : result.map(take);
  } finally {
    current = outer;
    scope[Symbol.dispose]();
  }
}
