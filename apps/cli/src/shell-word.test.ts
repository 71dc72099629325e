import { expect, test } from "vitest";

import { shellWord } from "./shell-word.ts";

test("words that a shell would take apart are quoted", () => {
  expect(["runs/one", "my run", "it's", ""].map(shellWord)).toEqual(["runs/one", "'my run'", `'it'\\''s'`, "''"]);
});
