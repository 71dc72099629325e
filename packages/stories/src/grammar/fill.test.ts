import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { fill } from "./fill.ts";
import type { Cast } from "./role.ts";

const cast: Cast = {
  hero: { forms: { "": "Mia", he: "she", ref: ["Mia", "she"] }, traits: [] },
  skill: { forms: { fail: "{Hero.he} fell, and {hero} cried." }, traits: [] },
};

test("a slot takes the form that it names", () => {
  expect(fill("{hero} ran until {hero.he} fell.", cast, random(1))).toBe("Mia ran until she fell.");
});

test("a capital in the slot gives a capital in the text", () => {
  expect(fill("{Hero.he} ran.", cast, random(1))).toBe("She ran.");
});

test("a form may bring slots of its own", () => {
  expect(fill("{Skill.fail}", cast, random(1))).toBe("She fell, and Mia cried.");
});

test("a form with several texts gives each of them", () => {
  const dice = random(1);
  const texts = Array.from({ length: 50 }, () => fill("{hero.ref}", cast, dice));
  expect(new Set(texts)).toEqual(new Set(["Mia", "she"]));
});

test.each(["{hero.age}", "{friend}", "{Friend.he}"])("a slot that nothing fills is named: %s", (slot) => {
  expect(() => fill(`And ${slot} ran.`, cast, random(1))).toThrow(
    `nothing in the cast fills ${slot} in "And ${slot} ran."; it has hero, skill`,
  );
});
