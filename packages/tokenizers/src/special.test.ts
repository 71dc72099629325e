import { expect, test } from "vitest";
import { Specials } from "./special.ts";

test("a text is cut at its special tokens", () => {
  const specials = new Specials({ end: "<|end|>", mask: "[MASK]", all: "(.*)" });
  expect(specials.split("a<|end|>[MASK]b(.*)")).toEqual(["a", "<|end|>", "", "[MASK]", "b", "(.*)", ""]);
  expect(new Specials().split("a[MASK]")).toEqual(["a[MASK]"]);
});

test.each([
  [
    { mask: "MASK" },
    'special.mask is two or more characters with punctuation at both ends and no spaces, such as "[MASK]"',
  ],
  [{ mask: "[" }, 'got "["'],
  [{ mask: "" }, 'got ""'],
  [{ mask: "[a b]" }, 'got "[a b]"'],
  [{ mask: "[\ud83d]" }, 'got "[\\ud83d]"'],
  [{ mask: 7 }, "got the number 7"],
  [{ mask: "[M]", pad: "[M]" }, 'special.mask and special.pad are both "[M]"; each needs a text of its own'],
  [{ "the mask": "[M]" }, 'the role of a special token is a name such as mask or endOfText, got "the mask"'],
  [["[M]"], 'special is an object such as { mask: "[MASK]" }, got a list'],
  [null, "got null"],
])("%j is refused", (special, message) => {
  expect(() => new Specials(special as never)).toThrow(message);
});
