import { expect, test } from "vitest";

import { glob } from "./glob.ts";

test.each([
  ["blocks.*.attention.pattern", "blocks.3.attention.pattern", true],
  ["blocks.*.attention.pattern", "blocks.3.other.attention.pattern", false],
  ["blocks.*", "blocks.3.input", false],
  ["blocks.**", "blocks.3.attention.pattern", true],
  ["**.pattern", "blocks.3.attention.pattern", true],
  ["**.pattern", "pattern", false],
  ["**", "output", true],
  ["block*.1", "blocks.1", true],
  ["blocks.1", "blocks.11", false],
  ["a.b", "axb", false],
  ["a+(b)", "a+(b)", true],
  ["", "", true],
])("%s on %s: %s", (pattern, name, fits) => {
  expect(glob(pattern)(name)).toBe(fits);
});
