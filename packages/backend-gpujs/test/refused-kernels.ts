import {
  add,
  apply,
  BackendError,
  kernelBackend,
  tensor,
  type Backend,
  type Composite,
  type None,
  type Tensor,
} from "@tenon/tensor";
import { afterEach, describe, expect, test, vi } from "vitest";

import type { Block } from "../src/block.ts";
import type { Engine } from "../src/engine.ts";
import type { Job } from "../src/job.ts";
import { kernelTable } from "../src/kernels/index.ts";
import { gpujsStorage } from "../src/storage.ts";
import { openEngine, settle, type Opened, type Place } from "./place.ts";

/** An op of a stranger's, so that a test can bring the kernel. */
const strangeOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "test/strange",
  infer: ([x]) => x,
  compose: ([x]) => add(x, 0),
};
const strange = (x: Tensor): Tensor => apply(strangeOp, [x], {});

/** A backend on an engine, with a kernel of the test's own. */
function backendOn(engine: Engine, kernel: Pick<Job, "body" | "numbers">): Backend {
  const run = (
    [x]: readonly [Block],
    _: None,
    call: { output: { shape: readonly number[] } },
  ): Block | Promise<Block> =>
    engine.run({ name: "strange", out: call.output.shape, arrays: { x: [x, call.output.shape] }, ...kernel });
  return kernelBackend({
    name: engine.name,
    storage: gpujsStorage(engine),
    kernels: kernelTable(engine),
    extra: [{ name: "test/strange", kernel: run as never }],
  });
}

/**
 * A kernel that gpu.js hands to its mode cpu, for it has an argument of a kind that webasm does not know. WebGL2 says of none in single
 * precision that it does not, so there the library is made to.
 */
const odd = { type: "Array1D(2)" } as unknown as number;
const unsuited = { body: "return x[X] > 1 ? 1 : 0;", numbers: { odd } };
function makeUnsuited({ library }: Opened, { mode }: Place): void {
  if (mode !== "webgl2") return;
  const kernels = library.WebGL2Kernel as unknown as {
    lookupKernelValueType(type: string, ...rest: unknown[]): unknown;
  };
  const usual = kernels.lookupKernelValueType;
  vi.spyOn(kernels, "lookupKernelValueType").mockImplementation((type, ...rest) =>
    type === "Array1D(2)" ? null : usual(type, ...rest),
  );
}
const job = (x: Block, kernel: Pick<Job, "body" | "numbers"> = unsuited): Job => ({
  name: "compared",
  out: [3],
  arrays: { x: [x, [3]] },
  ...kernel,
});

/** gpu.js runs what it cannot compile in its mode cpu, and only prints a warning. */
export function testMovedKernels(place: Place): void {
  describe("kernels that gpu.js cannot compile for the mode", () => {
    afterEach(() => {
      vi.restoreAllMocks();
    });
    test("are errors that name the op and the way out", async () => {
      const warn = vi.spyOn(console, "warn");
      const made = await openEngine(place);
      const { engine } = made;
      const x = engine.upload(Float32Array.of(0, 1, 2));
      makeUnsuited(made, place);
      const kernels: (typeof unsuited | { body: string })[] = [unsuited];
      if (place.mode === "webasm") kernels.push({ body: "return x[X] > 1;" });
      for (const kernel of [...kernels, ...kernels]) {
        const run = async (): Promise<Block> => engine.run(job(x, kernel));
        await expect(run()).rejects.toThrow(BackendError);
        await expect(run()).rejects.toThrow(
          new RegExp(
            `^gpujs \\(${place.mode}\\): gpu\\.js cannot compile compared for this mode \\(.+ not supported .+\\); allow it to run in the mode cpu with fallback: true$`,
          ),
        );
      }
      expect(warn).not.toHaveBeenCalled();
      expect(engine.arrays).toBe(1);
      expect(engine.moved.size).toBe(0);
      engine.close();
    });
    test("run in the mode cpu when that is allowed, and are counted", async () => {
      const made = await openEngine(place, true);
      const { engine } = made;
      const x = engine.upload(Float32Array.of(0, 1, 2));
      makeUnsuited(made, place);
      for (let i = 1; i <= 3; i++) {
        const y = await engine.run(job(x));
        expect([...(await engine.read(y, 3))]).toEqual([0, 0, 1]);
        expect(engine.moved).toEqual(new Map([["compared", i]]));
        // What comes of it is used on the device, as any other.
        const z = await engine.run({ name: "more", out: [3], arrays: { y: [y, [3]] }, body: "return y[X] + 1;" });
        expect([...(await engine.read(z, 3))]).toEqual([1, 1, 2]);
        engine.free(y);
        engine.free(z);
        expect(engine.arrays).toBe(1);
      }
      engine.close();
    });
    test("keep their place in the program", async () => {
      const made = await openEngine(place, true);
      makeUnsuited(made, place);
      const on = backendOn(made.engine, unsuited);
      const x = tensor([0, 1, 2], [3], on);
      const y = strange(add(x, 1));
      x[Symbol.dispose]();
      const z = add(strange(add(y, 1)), 1);
      expect([...(await y.read())]).toEqual([0, 1, 1]);
      expect([...(await z.read())]).toEqual([1, 2, 2]);
      expect([...made.engine.moved]).toEqual([["strange", 2]]);
      made.engine.close();
    });
  });
}

/** What is wrong with a kernel is told where it shows, with the name of the op. */
export function testWrongKernels(place: Place): void {
  describe.each([
    ["that is no JavaScript", "return x[X] +;"],
    ["with a name that is not there", "return x[X] + nowhere;"],
    ["with a call of nothing", "return x[X] + nothing(x[X]);"],
  ])("a kernel %s", (_, body) => {
    test("is a BackendError that names it, each time", async () => {
      const { engine } = await openEngine(place);
      const x = engine.upload(Float32Array.of(1, 2));
      for (let i = 0; i < 2; i++) {
        const run = async (): Promise<Block> => engine.run({ name: "broken", out: [2], arrays: { x: [x, [2]] }, body });
        const error = await run().then(
          () => undefined,
          (cause: unknown) => cause,
        );
        expect(error).toBeInstanceOf(BackendError);
        expect((error as Error).message).toMatch(/^gpujs \(\w+\): broken failed in gpu\.js: ./);
      }
      const y = await engine.run({ name: "sound", out: [2], arrays: { x: [x, [2]] }, body: "return x[X] + 1;" });
      expect([...(await engine.read(y, 2))]).toEqual([2, 3]);
      expect(engine.arrays).toBe(2);
      engine.close();
    });
    test("makes its op throw, or the read of what depends on it, and nothing else", async () => {
      const { engine } = await openEngine(place);
      const on = backendOn(engine, { body });
      using x = tensor([1, 2], [2], on);
      using before = add(x, 1);
      let broken: Tensor | undefined;
      try {
        broken = strange(x);
      } catch (error) {
        expect(place.mode).not.toBe("webgpu");
        expect(String(error)).toMatch(/BackendError: .*strange/);
      }
      if (broken !== undefined) {
        expect(place.mode).toBe("webgpu");
        using depends = add(add(broken, 1), before);
        await expect(depends.read()).rejects.toThrow(/strange/);
        await expect(broken.read()).rejects.toThrow(BackendError);
        broken[Symbol.dispose]();
      }
      using later = add(before, x);
      expect([...(await later.read())]).toEqual([3, 5]);
      await settle(on);
      expect(engine.arrays).toBe(3);
      engine.close();
    });
  });
}
