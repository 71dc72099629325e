import { expect, test } from "vitest";
import written from "../../../goldens/hugging-face/patterns.json" with { type: "json" };
import { stretches } from "./behavior.ts";
import { toJavaScript } from "./regex-syntax.ts";

test.each(written.cases as [string, string[][]][])("%s cuts as Oniguruma does", (pattern, expected) => {
  const compiled = toJavaScript(pattern, "pattern");
  for (const [index, text] of written.texts.entries()) {
    const pieces = stretches(text, compiled).map(({ begin, end }) => text.slice(begin, end));
    expect([text, pieces.filter((piece) => piece !== "")]).toEqual([text, expected[index]]);
  }
});
