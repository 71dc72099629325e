import { ConfigError, ShapeError, Tensor } from "@tenon/tensor";

import { glob } from "./glob.ts";
import { summary } from "./name-summary.ts";
import type { Part } from "./part.ts";
import { synchronous } from "./synchronous.ts";
import { currentWatcher, watching, type Watcher } from "./watcher.ts";

/** Sees the tensor at a named point; the model goes on with what it returns: x itself, or another tensor of the same shape. */
export type Tap = (x: Tensor, name: string) => Tensor;

interface Rule {
  readonly pattern: string;
  readonly fits: (name: string) => boolean;
  readonly tap: Tap;
  used: boolean;
}

class TapWatcher implements Watcher {
  readonly #outer: Watcher | undefined = currentWatcher();
  readonly #paths: ReadonlyMap<object, string>;
  readonly #rules: readonly Rule[];
  readonly #names = new Set<string>();

  constructor(model: Part, taps: Readonly<Record<string, Tap>>) {
    this.#paths = new Map([...model.parts()].map(([path, part]) => [part, path]));
    this.#rules = Object.entries(taps).map(([pattern, tap]) => ({ pattern, fits: glob(pattern), tap, used: false }));
  }

  /** The full name of a module's tap; undefined when the module is no part of the model. */
  #name(module: object, tap: string): string | undefined {
    const path = this.#paths.get(module);
    if (path === undefined) return undefined;
    const name = path === "" ? tap : `${path}.${tap}`;
    this.#names.add(name);
    return name;
  }

  wants(module: object, tap: string): boolean {
    const name = this.#name(module, tap);
    const here = name !== undefined && this.#rules.some(({ fits }) => fits(name));
    return here || (this.#outer?.wants(module, tap) ?? false);
  }

  see(module: object, tap: string, x: Tensor): Tensor {
    let y = this.#outer === undefined ? x : this.#outer.see(module, tap, x);
    const name = this.#name(module, tap);
    if (name === undefined) return y;
    const done = new Set<Tap>();
    for (const rule of this.#rules) {
      if (!rule.fits(name)) continue;
      rule.used = true;
      if (done.has(rule.tap)) continue;
      done.add(rule.tap);
      y = fitting(rule.tap(y, name), y, name);
    }
    return y;
  }

  /** Throws when a pattern met no tap at all: a misspelt name must not pass for "nothing to see". */
  check(): void {
    const unused = this.#rules.filter(({ used }) => !used).map(({ pattern }) => `"${pattern}"`);
    if (unused.length === 0) return;
    const names = [...this.#names];
    const there =
      names.length === 0 ? "The body passed no tap of this model." : `The taps are: ${summary(names).join(", ")}.`;
    throw new ConfigError(`no tap fits ${unused.join(" or ")}. ${there}`, { patterns: unused, names });
  }
}

function fitting(y: unknown, x: Tensor, name: string): Tensor {
  if (!(y instanceof Tensor)) {
    throw new ConfigError(`the function for the tap ${name} returned no tensor; return x to leave it as it is`, {
      name,
    });
  }
  if (y.dtype !== x.dtype || y.shape.join() !== x.shape.join()) {
    throw new ShapeError(
      `the function for the tap ${name} must return ${x.dtype} [${x.shape.join(", ")}], got ${y.dtype} [${y.shape.join(", ")}]`,
      { name, expected: x.shape, actual: y.shape },
    );
  }
  return y;
}

/**
 * Runs the synchronous body with a function at every tap of the model whose full name fits a pattern. A name is the path of the
 * module and the tap's own: `blocks.3.attention.pattern`. In a pattern `*` stands for anything between two dots, `**` for
 * anything at all. Several functions at one tap run in the order given, those of an enclosing `patch` first; one that is given
 * under several fitting patterns runs once.
 *
 * Tensors that a function makes last as long as the module that shows its tap computes; `keep()` what is to stay, or use
 * {@link trace}. Everything is as before when the body ends or throws.
 *
 * Throws `ConfigError` when a pattern fits no tap that the body passed, listing those there are, or when a function returns no
 * tensor; `ShapeError` when it returns one of another shape; `BackendError` when the body returns a promise.
 *
 * @example
 * ```ts
 * class Twice extends Module<[x: Tensor], Tensor> {
 *   protected override compute(x: Tensor): Tensor {
 *     return add(x, this.tap("again", x));
 *   }
 * }
 * const model = new Twice();
 * const x = tensor([1], [1], cpu());
 * const ablated = patch(model, { again: (y) => mul(y, 0) }, () => model.forward(x)); // [1], not [2]
 * ```
 */
export function patch<T>(model: Part, taps: Readonly<Record<string, Tap>>, body: () => T): T {
  const watcher = new TapWatcher(model, taps);
  const result = watching(watcher, () => synchronous("patch", body()));
  watcher.check();
  return result;
}
