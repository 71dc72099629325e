import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { inOrder, maybe, oneOf, tellBeat, when } from "./beat.ts";

const cast = { friend: { forms: {}, traits: ["flies"] } };
const dice = random(1);

test("in order tells everything", () => {
  expect(tellBeat(inOrder("One.", inOrder("Two.", "Three.")), cast, dice)).toEqual(["One.", "Two.", "Three."]);
});

test("one of tells each in its time", () => {
  const told = Array.from({ length: 50 }, () => tellBeat(oneOf("One.", "Two."), cast, dice).join(" "));
  expect(new Set(told)).toEqual(new Set(["One.", "Two."]));
});

test("maybe tells or does not", () => {
  const told = Array.from({ length: 50 }, () => tellBeat(maybe("One."), cast, dice).length);
  expect(new Set(told)).toEqual(new Set([0, 1]));
});

test("when looks at the traits of a role", () => {
  expect(tellBeat(when("friend.flies", "Up!", "Down!"), cast, dice)).toEqual(["Up!"]);
  expect(tellBeat(when("friend.swims", "Up!", "Down!"), cast, dice)).toEqual(["Down!"]);
  expect(tellBeat(when("hero.flies", "Up!"), cast, dice)).toEqual([]);
});
