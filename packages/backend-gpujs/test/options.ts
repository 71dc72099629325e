import { ConfigError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { gpujs, type GpujsOptions } from "../src/gpujs.ts";

/** An option is honoured or refused, with one error that says what was expected and what came. */
export function testOptions(): void {
  const modes =
    "choose from auto, webgpu, webgl2, webasm, cpu. gpu.js's other modes are not used: " +
    '"webgl" has no whole numbers in its shaders, and "headlessgl" needs a native build';
  const threads = "gpujs: threads must be a whole number from 1 up, got";
  test.each<readonly [object, string]>([
    [{ modes: "cpu" }, 'gpujs: there is no option "modes"; there are mode, threads, fallback'],
    [{ mode: "gpu" }, `gpujs: there is no mode "gpu"; ${modes}`],
    [{ mode: "webgl" }, `gpujs: there is no mode "webgl"; ${modes}`],
    [{ mode: null }, `gpujs: there is no mode null; ${modes}`],
    [{ mode: "webasm", threads: 0 }, `${threads} 0`],
    [{ mode: "webasm", threads: 1.5 }, `${threads} 1.5`],
    [{ mode: "webasm", threads: "2" }, `${threads} 2`],
    [
      { mode: "cpu", threads: 2 },
      'gpujs: the mode "cpu" has no threads to set; leave threads out, or choose the mode "webasm"',
    ],
    [{ mode: "cpu", fallback: "yes" }, "gpujs: fallback must be true or false, got yes"],
  ])("%j is refused", async (options, message) => {
    const error: unknown = await gpujs(options as GpujsOptions).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toBe(message);
  });
}
