import { expect, test } from "vitest";

import { decimal, listed, oneOf, seed, someText, wholeNumber } from "./values.ts";

test("numbers are read as people write them", () => {
  expect(["7", "+7", " 7 "].map(wholeNumber("--n"))).toEqual([7, 7, 7]);
  expect(["0.001", "1e-3", ".001", "-2"].map(decimal("--x"))).toEqual([0.001, 0.001, 0.001, -2]);
  expect(seed("--seed")("0")).toBe(0);
});

test("anything else is refused with the option's name, what it takes and what came", () => {
  const steps = wholeNumber("--steps", { from: 1 });
  for (const text of ["0", "-3", "1.5", "1e3", "ten", "", "99999999999999999999"]) {
    expect(() => steps(text)).toThrow(`--steps is a whole number of at least 1, got "${text}".`);
  }
  const dropout = decimal("--dropout", { from: 0, below: 1 });
  for (const text of ["1", "-0.1", "0x1", "NaN", "Infinity", "half", " "]) {
    expect(() => dropout(text)).toThrow(`--dropout is a number of at least 0 and below 1, got "${text}".`);
  }
  expect(() => decimal("--temperature", { above: 0, remedy: "Use --greedy." })("0")).toThrow(
    '--temperature is a number above 0, got "0". Use --greedy.',
  );
});

test("words are chosen from a list", () => {
  const kind = oneOf("--model", ["decoder", "encoder"]);
  expect(kind("encoder")).toBe("encoder");
  expect(() => kind("decodr")).toThrow('--model is decoder or encoder, got "decodr".');
  expect(listed(["a", "b", "c"])).toBe("a, b or c");
  expect(listed(["a"])).toBe("a");
});

test("an empty text is refused where some is needed", () => {
  expect(someText("--stop")("x")).toBe("x");
  expect(() => someText("--stop")("")).toThrow("--stop needs some text, got none.");
});
