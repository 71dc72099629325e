import { beforeEach, describe, expect, test } from "vitest";

import type { Backend } from "./backend.ts";
import { cpu } from "./cpu/cpu.ts";
import { tensor } from "./create.ts";
import { add, mul } from "./ops/arithmetic.ts";
import { reshape } from "./ops/reshape.ts";
import { topK } from "./ops/top-k.ts";
import { currentScope, keep, owned, Scope, scoped } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

let on: Backend;
let x: Tensor;
const tensors = (): number => on.memory().tensors;

beforeEach(() => {
  on = cpu();
  x = tensor([1, 2], [2], on); // in no scope: one tensor is always there
});

describe("scoped", () => {
  test("frees what the body made, except what it returns", async () => {
    const y = scoped(() => add(mul(x, x), 1));
    expect(tensors()).toBe(2);
    expect(await y.read()).toEqual(Float32Array.of(2, 5));
    expect(x.alive).toBe(true);
  });
  test("returns tensors in arrays and plain objects, at any depth", () => {
    const kept = scoped(() => {
      const [values, indices] = topK(x, 1);
      add(x, 1);
      return { values, deep: [{ indices }, 3, null, undefined, "text"], twice: [values, values] };
    });
    expect(tensors()).toBe(3);
    expect(kept.values.alive && (kept.deep[0] as { indices: Tensor }).indices.alive).toBe(true);
    expect(currentScope()).toBe(undefined);
  });
  test("leaves alone what it was given: an argument that is returned stays its holder's", () => {
    expect(scoped(() => x)).toBe(x);
    expect(x.alive).toBe(true);
    expect(scoped(() => scoped(() => x))).toBe(x);
  });
  test("nests: what the inner returns, the outer frees", () => {
    let inner: Tensor | undefined;
    const y = scoped(() => {
      inner = scoped(() => add(mul(x, x), 1));
      expect(inner.alive).toBe(true);
      expect(tensors()).toBe(2);
      return add(inner, 1);
    });
    expect(inner!.alive).toBe(false);
    expect(y.alive).toBe(true);
    expect(tensors()).toBe(2);
  });
  test("frees when the body throws, and restores the outer scope", () => {
    const outer = new Scope();
    outer.run(() => {
      expect(() =>
        scoped(() => {
          add(x, 1);
          throw new Error("stop");
        }),
      ).toThrow("stop");
      expect(currentScope()).toBe(outer);
    });
    expect(currentScope()).toBe(undefined);
    expect(tensors()).toBe(1);
  });
  test("a tensor that was disposed early is no trouble", () => {
    scoped(() => {
      add(x, 1)[Symbol.dispose]();
      return add(x, 2)[Symbol.dispose]();
    });
    expect(tensors()).toBe(1);
  });
  test("using a tensor that left its scope is refused", () => {
    let escaped: Tensor | undefined;
    scoped(() => {
      escaped = add(x, 1);
    });
    expect(() => add(escaped!, 1)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: add: input 0 was already freed. It left its scope: return it from the scope, or keep() it.]`,
    );
  });
  test("refuses a promise", () => {
    const body = (): Promise<Tensor> => Promise.resolve(add(x, 1));
    expect(() => scoped(body as never)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: scoped() got a promise, but a scope is synchronous: use \`using scope = new Scope()\` and scope.run(…) after each await]`,
    );
    expect(tensors()).toBe(1);
  });
  test("an alias shares storage with what the scope frees, and keeps it alive", async () => {
    const y = scoped(() => reshape(add(x, 1), [2, 1]));
    expect(tensors()).toBe(2);
    expect(await y.read()).toEqual(Float32Array.of(2, 3));
    y[Symbol.dispose]();
    expect(tensors()).toBe(1);
  });
});

describe("keep", () => {
  test("takes a tensor out of every scope", () => {
    let kept: Tensor | undefined;
    scoped(() => {
      scoped(() => {
        kept = keep(add(x, 1));
      });
      expect(kept!.alive).toBe(true);
    });
    expect(kept!.alive).toBe(true);
    kept![Symbol.dispose]();
    expect(tensors()).toBe(1);
  });
  test("returns its argument, also one that is kept already or freed", () => {
    expect(keep(keep(x))).toBe(x);
    x[Symbol.dispose]();
    expect(keep(x)).toBe(x);
    expect(x.alive).toBe(false);
  });
});

describe("Scope", () => {
  test("holds what several runs make, until it is disposed", () => {
    const scope = new Scope();
    const a = scope.run(() => add(x, 1));
    const b = scope.run(() => add(a, 1));
    expect(b.scope).toBe(scope);
    scope[Symbol.dispose]();
    expect([a.alive, b.alive]).toEqual([false, false]);
    scope[Symbol.dispose]();
    expect(tensors()).toBe(1);
  });
  test("adopts a tensor from no scope and from another", () => {
    const [first, second] = [new Scope(), new Scope()];
    const a = first.run(() => add(x, 1));
    second.adopt(a);
    first[Symbol.dispose]();
    expect(a.alive).toBe(true);
    second[Symbol.dispose]();
    expect(a.alive).toBe(false);
    using third = new Scope();
    third.adopt(x);
    expect(x.scope).toBe(third);
  });
  test("a tensor that moved away and came back is freed once", () => {
    const [first, second] = [new Scope(), new Scope()];
    const a = first.run(() => add(x, 1));
    second.adopt(a);
    first.adopt(a);
    second[Symbol.dispose]();
    expect(a.alive).toBe(true);
    first[Symbol.dispose]();
    expect(tensors()).toBe(1);
  });
  test("a scoped body inside a run hands its result to the scope", () => {
    const scope = new Scope();
    const y = scope.run(() => scoped(() => add(mul(x, x), 1)));
    expect(y.scope).toBe(scope);
    scope[Symbol.dispose]();
    expect(tensors()).toBe(1);
  });
  test("that has ended is refused, since nothing would free what it made", () => {
    const scope = new Scope();
    scope[Symbol.dispose]();
    expect(() => scope.run(() => add(x, 1))).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: this scope has ended, and would never free what is made in it; make a new Scope()]`,
    );
    expect(tensors()).toBe(1);
  });
  test("is restored when a run throws", () => {
    using scope = new Scope();
    expect(() => scope.run(() => expect.fail("stop"))).toThrow("stop");
    expect(currentScope()).toBe(undefined);
  });
  test("two asynchronous tasks, interleaved, each keep their own: no scope is active across an await", async () => {
    const log: string[] = [];
    const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
    async function task(name: string, turns: number): Promise<number[]> {
      using scope = new Scope();
      let y = scope.run(() => add(x, 0));
      for (let turn = 0; turn < turns; turn++) {
        await wait();
        expect(currentScope()).toBe(undefined);
        log.push(name);
        y = scope.run(() => add(mul(y, 2), 1));
      }
      return [...(await y.read())];
    }
    const [a, b] = await Promise.all([task("a", 3), task("b", 6)]);
    expect(a).toEqual([15, 23]);
    expect(b).toEqual([127, 191]);
    expect(log.slice(0, 6).join("")).toBe("ababab");
    expect(tensors()).toBe(1);
  });
});

describe("owned", () => {
  test("gives results that are in no scope, and an alias for what the body did not make", () => {
    using scope = new Scope();
    const [made, passed] = scope.run(() => owned(() => [add(mul(x, x), 1), x])) as [Tensor, Tensor];
    expect(made.scope).toBe(undefined);
    expect(passed).not.toBe(x);
    expect(tensors()).toBe(2);
    made[Symbol.dispose]();
    passed[Symbol.dispose]();
    expect(x.alive).toBe(true);
    expect(tensors()).toBe(1);
  });
  test("gives one result twice as two holders", () => {
    const [a, b] = owned(() => {
      const y = add(x, 1);
      return [y, y];
    }) as [Tensor, Tensor];
    a[Symbol.dispose]();
    expect(b.alive).toBe(true);
    b[Symbol.dispose]();
    expect(tensors()).toBe(1);
  });
  test("frees everything when the body throws", () => {
    expect(() =>
      owned(() => {
        add(x, 1);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(tensors()).toBe(1);
  });
});
