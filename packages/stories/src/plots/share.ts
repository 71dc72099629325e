import { oneOf, when } from "../grammar/beat.ts";
import { arrival } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** One has something to eat, the other has nothing. Half of four is two. */
export const share: Plot = {
  name: "share",
  needs: {},
  beats: [
    arrival,
    oneOf("{Hero.he} had {food.new} for lunch.", "{Hero.he} had {food.new} in {hero.his} bag."),
    oneOf(
      "There {hero.he} saw {friend.full}, and {friend.he} looked sad.",
      "{Friend.full} sat {spot.at} and looked sad.",
    ),
    '"What is wrong?" asked {hero.who}.',
    oneOf(
      '"I am hungry, and I have nothing to eat," said {friend}.',
      '"My lunch fell in the mud," said {friend}. "Now I am hungry."',
    ),
    oneOf(
      "At first, {hero} did not want to share, but then {hero.he} felt sorry for {friend}.",
      "{Hero} did not have to think for long.",
      "{Hero.ref} was hungry too, but {hero.he} had a kind heart.",
    ),
    oneOf(
      '"Here, you can have {food.half}," {hero.he} said.',
      '"Let us share," {hero.he} said and gave {friend} {food.half}.',
    ),
    when(
      "food.counted",
      oneOf("Now {hero} had {food.rest} and {friend} had {food.rest}.", "They sat down and ate {food.them} all."),
      "They sat down and ate {food.them} together.",
    ),
    oneOf(
      "Then they were not hungry any more.",
      '"Thank you," said {friend}. "You are so kind."',
      '"Lunch is better with a friend," said {hero}.',
    ),
  ],
};
