import { assembleWasm, farPages, hasFarMemory, hasRelaxedSimd, nearPages } from "@tenon/wasm-assembler";
import { expect, test } from "vitest";

import { text } from "../../test/text.ts";
import { allKernels } from "./index.ts";

const limits = { initialPages: 1, maximumPages: 4, shared: false };

const targets = [false, true].flatMap((fast) =>
  [false, true].flatMap((wide) => [false, true].map((far) => [fast, wide, far] as const)),
);
test.each(targets)("the module of all kernels is valid: relaxed %s, wide %s, far %s", (fast, wide, far) => {
  const functions = allKernels.map((kernel) => kernel.build({ relaxed: fast, wide, far }));
  // Without the feature the tool refuses relaxed instructions, so the plain module has none. It knows no shared memories.
  expect(text(assembleWasm(functions, { ...limits, far }), fast)).toContain(`(export "${allKernels[0]!.name}"`);
  for (const shared of [false, true]) {
    const bytes = assembleWasm(functions, { initialPages: 1, maximumPages: far ? farPages : nearPages, shared, far });
    if ((!fast || hasRelaxedSimd()) && (!far || hasFarMemory())) expect(WebAssembly.validate(bytes)).toBe(true);
  }
  expect(new Set(functions.map(({ name }) => name)).size).toBe(functions.length);
});
