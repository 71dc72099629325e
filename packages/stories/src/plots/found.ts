import { maybe, oneOf } from "../grammar/beat.ts";
import { together } from "./endings.ts";
import { arrival } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** The hero finds what somebody else has lost, and would like to keep it. */
export const found: Plot = {
  name: "found",
  needs: { thing: { with: ["owned"] } },
  beats: [
    arrival,
    oneOf("{Spot.at}, {hero.he} found {thing.new}.", "{Hero.he} looked {spot.at} and found {thing.new}."),
    maybe(
      oneOf(
        '"What a surprise!" {hero.he} said. "I will keep {thing.them}."',
        "{Hero.ref} wanted to keep {thing.them}.",
      ),
    ),
    oneOf(
      "Then {hero.he} saw {friend.full}. {Friend.he} was crying.",
      "Then {friend.full} came by. {Friend.he} looked very sad.",
    ),
    '"What is wrong?" asked {hero.who}.',
    oneOf(
      '"I lost my {thing.full}," said {friend}. "I have looked {other.at}, but I cannot find {thing.them}."',
      '"I cannot find my {thing.full}," said {friend}.',
    ),
    oneOf(
      'Then {hero} gave {friend} {thing.the}. "Here," {hero.he} said. "I found {thing.them} {spot.there}."',
      '"{Thing.is} {thing.this} your {thing}?" asked {hero} and gave {thing.them} back.',
    ),
    oneOf(
      "{Friend} was so happy that {friend.he} jumped up and down.",
      '"You found {thing.them}!" cried {friend} and gave {hero} a big hug.',
    ),
    maybe(together),
  ],
};
