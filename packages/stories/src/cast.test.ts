import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { castFor } from "./cast.ts";
import { plots } from "./plots/all.ts";
import { characters } from "./words/characters.ts";
import { foods } from "./words/foods.ts";
import { kinds } from "./words/kinds.ts";
import { places, spots } from "./words/places.ts";
import { things } from "./words/things.ts";

const casts = plots.flatMap((plot) =>
  Array.from({ length: 200 }, (_, seed) => ({ plot, cast: castFor(plot.needs, random(seed).fork(plot.name)) })),
);

test("hero and friend differ in kind and in gender, so a pronoun always says who", () => {
  for (const { cast } of casts) {
    expect(cast.hero!.forms["he"]).not.toBe(cast.friend!.forms["he"]);
    expect(cast.hero!.forms["kind"]).not.toBe(cast.friend!.forms["kind"]);
  }
});

test("a cast has what its plot needs", () => {
  for (const { plot, cast } of casts) {
    for (const role of ["hero", "friend", "thing", "place"] as const) {
      const { with: wanted, without = [] } = plot.needs[role] ?? {};
      const traits: readonly string[] = cast[role]!.traits;
      if (wanted) expect(wanted.some((trait) => traits.includes(trait))).toBe(true);
      expect(without.some((trait) => traits.includes(trait))).toBe(false);
    }
    if (plot.needs.weather) expect(plot.needs.weather).toContain(cast.day!.traits[0]);
  }
});

test("nobody learns what they can do, and nobody teaches what they cannot", () => {
  for (const { cast } of casts.filter(({ plot }) => plot.name === "learn")) {
    if (cast.skill!.forms[""] === "swim") {
      expect(cast.hero!.traits).not.toContain("swims");
      expect(cast.friend!.traits).toContain("swims");
    }
    if (cast.skill!.forms[""] === "climb") {
      expect(cast.hero!.traits).not.toContain("flies");
      expect(cast.friend!.traits).toContain("climbs");
    }
  }
});

test("two different spots of the same place, and a race ends at neither", () => {
  for (const { plot, cast } of casts) {
    expect(cast.spot!.forms["at"]).not.toBe(cast.other!.forms["at"]);
    if (plot.name === "race") {
      expect(cast.place!.forms["goal"]).toBeTypeOf("string");
      expect(cast.place!.forms["goal"]).not.toContain(String(cast.spot!.forms["there"]).replace(/^\w+ the /, ""));
    }
  }
});

test("every word of every list finds its way into some cast", () => {
  const said = JSON.stringify(casts.map(({ cast }) => cast));
  const missing = [
    ...characters.map(({ name }) => name),
    ...Object.keys(kinds),
    ...things.flatMap(({ noun, looks }) => looks.map((look) => `${look} ${noun}`)),
    ...places.map(({ noun }) => `the ${noun}`),
    ...Object.values(spots).map(({ preposition, noun }) => `${preposition} the ${noun}`),
    ...Object.values(foods).map((food) => ("mass" in food ? food.mass : food.many)),
  ].filter((word) => !said.includes(word));
  expect(missing).toEqual([]);
});
