import { BackendError, cpu } from "@tenon/tensor";
import { expect, test, vi } from "vitest";

import { survey } from "./survey.ts";

test("a backend that works is measured, and nothing is left of it", async () => {
  const on = Object.assign(cpu(), { close: vi.fn<() => void>() });
  const { name } = on;
  const row = await survey("cpu", () => on);
  expect(row).toMatchObject({ backend: "cpu", works: true, name, threads: 1 });
  expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
  expect(on.close).toHaveBeenCalledOnce();
});

test("one that does not start says why", async () => {
  const start = (): never => {
    throw new BackendError("there is no such device");
  };
  expect(await survey("gpujs:webgpu", start)).toEqual({
    backend: "gpujs:webgpu",
    works: false,
    reason: "there is no such device",
  });
});

test("one that gives zeros does not work, and is closed", async () => {
  const close = vi.fn<() => void>();
  const on = Object.assign(cpu(), { read: () => Promise.resolve(new Float32Array(512)), close });
  expect(await survey("gpujs:webgl2", () => on)).toEqual({
    backend: "gpujs:webgl2",
    works: false,
    reason: expect.stringMatching(/^it multiplies wrongly: an element of a product is 0 instead of -?\d/) as string,
  });
  expect(on.memory().tensors).toBe(0);
  expect(close).toHaveBeenCalledOnce();
});
