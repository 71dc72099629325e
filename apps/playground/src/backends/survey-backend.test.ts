import { BackendError, cpu } from "@tenon/tensor";
import { expect, test } from "vitest";

import { surveyBackend } from "./survey-backend.ts";

test("a backend that multiplies works, and is closed again", async () => {
  let closed = 0;
  const made = { id: "cpu", backend: cpu(), close: () => void closed++ } as const;
  expect(await surveyBackend("cpu", async () => made)).toEqual({ id: "cpu", works: true, name: "cpu" });
  expect(closed).toBe(1);
});

test("why a backend does not work is said in short", async () => {
  const gpujs =
    "gpujs (webgpu): this mode does not work here: WebGPU is present (navigator.gpu) but no adapter is available. On headless Chromium there is no adapter; run headed. Use `await GPU.isWebGPUAvailable()` to feature-detect.";
  expect(await surveyBackend("gpujs:webgpu", () => Promise.reject(new BackendError(gpujs)))).toEqual({
    id: "gpujs:webgpu",
    works: false,
    reason: "WebGPU is present (navigator.gpu) but no adapter is available.",
  });
});
