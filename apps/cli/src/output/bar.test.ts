import { expect, test } from "vitest";

import { bar } from "./bar.ts";

test("a bar is as long as its share", () => {
  expect([0, 0.5, 0.53, 0.999, 1].map((share) => bar(share, 4))).toEqual(["    ", "██  ", "██▏ ", "████", "████"]);
});
