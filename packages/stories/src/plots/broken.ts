import { inOrder, oneOf } from "../grammar/beat.ts";
import { friends } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** The hero breaks what belongs to the friend, owns up to it, and the two mend it. */
export const broken: Plot = {
  name: "broken",
  needs: { thing: { with: ["breaks"] } },
  beats: [
    friends,
    "One {day}, {friend} had {thing.new}.",
    oneOf('"Can I hold your {thing}?" asked {hero}.', "{Hero} wanted to hold {thing.the}."),
    oneOf(
      "But {hero.he} dropped {thing.the} on a rock. Crack! It broke.",
      "But {hero.he} was not careful, and {hero.he} fell down with {thing.the}. Crack! It broke.",
    ),
    oneOf(
      inOrder(
        "{Hero} hid {thing.the} {spot.at}, but that night {hero.he} could not sleep.",
        'The next day, {hero.he} told {friend}. "I broke your {thing}," {hero.he} said. "I am sorry."',
      ),
      '{Hero.ref} felt very bad. "I am so sorry," {hero.he} said. "I broke your {thing.full}."',
    ),
    oneOf(
      "{Friend} was angry at first, but then {friend.he} smiled.",
      "{Friend} was sad, but {friend.he} was not angry.",
    ),
    oneOf(
      '"Thank you for telling me," {friend.he} said. "We can fix it."',
      '"Do not cry," said {friend}. "We can fix it."',
    ),
    oneOf(
      "They worked all day, and soon {thing.the} was as good as new.",
      "So they fixed {thing.the}, and it was as good as new.",
      "So they fixed it together, and after that, {hero} was always careful.",
    ),
  ],
};
