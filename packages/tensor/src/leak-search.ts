import type { Leak } from "./leaks.ts";
import { Scope } from "./scope.ts";
import type { TensorType } from "./shape.ts";
import { outsideFrames, traceHere } from "./stack-frames.ts";
import { Tensor, type Observer } from "./tensor.ts";

/** Where a tensor came from, and what became of it. */
interface Made {
  readonly by: string;
  readonly type: TensorType;
  readonly trace: Error;
  /** Once it is in the net. Weak: the search must not keep alive what it looks for. */
  ref: WeakRef<Tensor> | undefined;
  /** The variable that it belongs to. */
  holder: WeakRef<object> | undefined;
}

/** Sees every tensor that is made, and says in the end which of them nobody will free. */
export class LeakSearch implements Observer {
  readonly #collected: ((leak: Leak) => void) | undefined;
  readonly #known = new WeakMap<Tensor, Made>();
  /** In a scope, or with a backend's caller. */
  readonly #held = new Map<Tensor, Made>();
  /** In the net. */
  readonly #loose = new Set<Made>();
  #sweepAt = 1000;

  constructor(collected: ((leak: Leak) => void) | undefined) {
    this.#collected = collected;
  }

  made(tensor: Tensor, by: string): void {
    if (this.#held.has(tensor) || tensor.guarded) return;
    this.#held.set(tensor, this.#begin(tensor, by));
    if (this.#held.size >= this.#sweepAt) this.#sweep();
  }
  handedOver(tensor: Tensor): void {
    this.#held.delete(tensor);
  }
  guarded(tensor: Tensor, holder: object | undefined): (() => void) | undefined {
    const made = this.#known.get(tensor) ?? this.#begin(tensor, holder === undefined ? "keep()" : "Variable");
    this.#held.delete(tensor);
    this.#loose.add(made);
    made.ref ??= new WeakRef(tensor);
    if (holder !== undefined) made.holder = new WeakRef(holder);
    const collected = this.#collected;
    if (collected === undefined) return undefined;
    const { by, type, trace } = made;
    return () => collected({ by, type, count: 1, reason: "collected", stack: outsideFrames(trace) });
  }
  freed(tensor: Tensor): void {
    const made = this.#known.get(tensor);
    if (made !== undefined) this.#loose.delete(made);
  }

  #begin(tensor: Tensor, by: string): Made {
    const made = { by, type: tensor.type, trace: traceHere(), ref: undefined, holder: undefined };
    this.#known.set(tensor, made);
    return made;
  }
  /** Forgets what scopes have freed. */
  #sweep(): void {
    for (const tensor of this.#held.keys()) if (!tensor.alive) this.#held.delete(tensor);
    this.#sweepAt = Math.max(1000, 2 * this.#held.size);
  }

  /** What nobody will free, unless it is reachable from `result`. Ends the search. */
  leaks(result: unknown): Leak[] {
    const reachable = reach(result);
    const found = new Map<string, Leak>();
    const report = ({ by, type, trace }: Made, reason: Leak["reason"]): void => {
      const leak = { by, type, count: 1, reason, stack: outsideFrames(trace) };
      const key = JSON.stringify(leak);
      found.set(key, { ...leak, count: (found.get(key)?.count ?? 0) + 1 });
    };
    for (const [tensor, made] of this.#held) {
      if (!tensor.alive || reachable.has(tensor)) continue;
      if (tensor.scope === undefined) report(made, "holder");
      else if (this.#isForgotten(tensor.scope, reachable)) report(made, "scope");
    }
    for (const made of this.#loose) {
      const tensor = made.ref!.deref();
      if (made.holder !== undefined) {
        if (made.holder.deref() === undefined) report(made, "variable");
      } else if (tensor === undefined) report(made, "collected");
      else if (reachable.has(tensor)) continue;
      else if (tensor.scope === undefined) report(made, "holder");
      else if (this.#isForgotten(tensor.scope, reachable)) report(made, "scope");
    }
    this.#held.clear(); // what a scope holds that outlives the search is not to be kept by it
    this.#loose.clear();
    return [...found.values()];
  }
  /** A scope of the body's that has not ended. One of the caller's is the caller's to end. */
  #isForgotten(scope: Scope, reachable: ReadonlySet<object>): boolean {
    return scope.observer === this && !scope.ended && !reachable.has(scope);
  }
}

/** Every object that can be reached from a value through its public properties, maps and sets. */
function reach(value: unknown): Set<object> {
  const found = new Set<object>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null || found.has(next)) continue;
    found.add(next);
    if (next instanceof Tensor || next instanceof Scope || ArrayBuffer.isView(next)) continue;
    if (next instanceof Map) open.push(...next.keys(), ...next.values());
    else if (next instanceof Set) open.push(...next);
    open.push(...Object.values(next));
  }
  return found;
}
