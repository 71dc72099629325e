import { llama } from "@tenon/models";
import { expect, test } from "vitest";

import { decodeShared, encodeShared } from "./share.ts";

const spec = llama({ vocabulary: 65, context: 64, width: 16, layers: 2, heads: 2, hidden: 24 });

test("a spec goes into an address and comes back", async () => {
  const text = await encodeShared(spec);
  expect(text).toMatch(/^[\w-]+$/);
  expect(text.length).toBeLessThan(500);
  expect(await decodeShared(text)).toEqual(spec);
});

test("characters beyond ASCII survive", async () => {
  expect(await decodeShared(await encodeShared({ name: "Möwe 🐦" }))).toEqual({ name: "Möwe 🐦" });
});

test.each([
  ["cut off", async () => (await encodeShared(spec)).slice(0, -20)],
  ["no packed text", () => Promise.resolve("hello%20there")],
  ["larger than any spec", () => encodeShared("a".repeat(2_000_000))],
])("what is %s is refused in words", async (_, make) => {
  await expect(decodeShared(await make())).rejects.toThrow("This link does not hold a whole model.");
});
