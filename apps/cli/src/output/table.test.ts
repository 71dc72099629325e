import { expect, test } from "vitest";

import { table } from "./table.ts";

test("columns line up, also beside wide characters and colours", () => {
  const columns = [{ title: "word" }, { title: "count", align: "right" }] as const;
  expect(
    table(columns, [
      ["fox", "1,024"],
      ["狐狸", "7"],
      ["\u001b[1mox\u001b[22m", "12"],
    ]),
  ).toBe(["word  count", "fox   1,024", "狐狸      7", "\u001b[1mox\u001b[22m       12"].join("\n"));
});
