import { expect, test } from "vitest";

import { parseRoute, routeText } from "./route.ts";

test("an address says a place and what is handed to it, and comes back", () => {
  const { place, parameters } = parseRoute("#/run?task=fill&model=a%20b");
  expect([place, [...parameters]]).toEqual([
    "run",
    [
      ["task", "fill"],
      ["model", "a b"],
    ],
  ]);
  expect(routeText(place, Object.fromEntries(parameters))).toBe("#/run?task=fill&model=a+b");
  expect(parseRoute(routeText("look-inside")).place).toBe("look-inside");
});

test.each(["", "#", "#/", "#/nowhere", "#run-away"])("%j is no place, so it is the first", (hash) => {
  expect(parseRoute(hash).place).toBe("assemble");
});
