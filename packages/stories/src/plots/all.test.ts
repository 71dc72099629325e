import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { castFor } from "../cast.ts";
import type { Beat } from "../grammar/beat.ts";
import { slot } from "../grammar/fill.ts";
import type { Cast } from "../grammar/role.ts";
import { plants } from "../words/plants.ts";
import { skills } from "../words/skills.ts";
import { plots } from "./all.ts";

function templates(beat: Beat): string[] {
  if (typeof beat === "string") return [beat];
  if (beat.kind === "one of" || beat.kind === "in order") return beat.beats.flatMap(templates);
  return beat.kind === "maybe" ? templates(beat.beat) : [...templates(beat.beat), ...templates(beat.otherwise)];
}

function facts(beat: Beat): string[] {
  if (typeof beat === "string") return [];
  if (beat.kind === "one of" || beat.kind === "in order") return beat.beats.flatMap(facts);
  return beat.kind === "maybe" ? facts(beat.beat) : [beat.fact, ...facts(beat.beat), ...facts(beat.otherwise)];
}

const all = [
  ...plots.flatMap(({ beats }) => beats.flatMap(templates)),
  ...skills.flatMap(({ where, fail, advice, success }) => [where, ...fail, ...advice, ...success]),
  ...plants.map(({ gives }) => gives),
];
const casts: Cast[] = Array.from({ length: 300 }, (_, seed) => castFor({}, random(seed)));

/** Every `role.form` that some template asks for. */
const asked = new Set(
  all.flatMap((template) =>
    [...template.matchAll(slot)].map(
      ([, role, form = ""]) => `${role!.charAt(0).toLowerCase()}${role!.slice(1)}.${form}`,
    ),
  ),
);

test("there are at least eight plots, and each name is used once", () => {
  expect(plots.length).toBeGreaterThanOrEqual(8);
  expect(new Set(plots.map(({ name }) => name)).size).toBe(plots.length);
});

test("every slot of every template is a form of a role", () => {
  const offered = new Set(casts.flatMap(forms));
  expect([...asked].filter((name) => !offered.has(name))).toEqual([]);
});

test("every form of a role is used by some template", () => {
  // A friend and a second spot bring the forms of a hero and of a first spot.
  const shared = new Set([...asked].map((name) => name.replace(/^friend/, "hero").replace(/^other/, "spot")));
  const offered = casts.flatMap(forms).filter((name) => !/^(friend|other)\./.test(name));
  expect([...new Set(offered)].filter((name) => !shared.has(name))).toEqual([]);
});

test("every fact that a plot asks about holds for some casts and not for others", () => {
  for (const fact of new Set(plots.flatMap(({ beats }) => beats.flatMap(facts)))) {
    const [role, trait] = fact.split(".") as [string, string];
    const answers = new Set(casts.map((cast) => cast[role]?.traits.includes(trait)));
    expect(answers, fact).toEqual(new Set([true, false]));
  }
});

test("no template writes a gendered pronoun or a name itself", () => {
  const names = casts.flatMap(({ hero, friend }) => [hero!.forms[""], friend!.forms[""]]);
  const gendered = new RegExp(`\\b(he|she|him|her|his|hers|himself|herself|${[...new Set(names)].join("|")})\\b`, "i");
  expect(all.map((template) => template.replace(slot, "")).filter((text) => gendered.test(text))).toEqual([]);
});

test("every slot at the start of a sentence is a capital one, and no other is", () => {
  const sentenceStart = /(^|[.!?]"? |[^{]")\{[a-z]/;
  const inside = /[a-z,] \{[A-Z]/;
  const whole = plots.flatMap(({ beats }) => beats.flatMap(templates));
  // After a quotation, `"Oh no!" {hero} cried` goes on: the next word decides, and the test of the whole stories looks at it.
  const suspicious = whole.filter(
    (text) => inside.test(text) || (sentenceStart.test(text) && !/[!?]" \{[a-z]/.test(text)),
  );
  expect(suspicious).toEqual([]);
});

function forms(cast: Cast): string[] {
  return Object.entries(cast).flatMap(([role, { forms }]) => Object.keys(forms).map((form) => `${role}.${form}`));
}
