import { oneOf } from "../grammar/beat.ts";
import { friends } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** Two want the same thing at the same time. */
export const turns: Plot = {
  name: "turns",
  needs: { thing: { with: ["toy"] } },
  beats: [
    friends,
    oneOf(
      "One {day}, they found {thing.new} {place.at}.",
      "One {day}, they went {place.to}. There they found {thing.new}.",
    ),
    oneOf('"It is mine! I saw it first!" said {hero}.', '"I want to have it," said {hero}.'),
    oneOf('"No, it is mine!" said {friend}.', '"No, I want it!" cried {friend}.'),
    oneOf(
      "They both pulled at {thing.the}, until it fell into the mud.",
      "{Hero} pulled, and {friend} pulled. Then {thing.the} fell into the mud.",
    ),
    oneOf(
      "Now {thing.the} was black with mud, and they were both sad.",
      "Now they were angry, and {thing.the} was not {thing.look} any more.",
    ),
    oneOf(
      '"I am sorry," said {hero.who}. "Let us share it."',
      '"This is no fun," said {friend}. "You can have it first, and then I will."',
    ),
    oneOf(
      "They washed {thing.the} in the water until it was {thing.look} again.",
      "Together, they washed {thing.the}, and soon it was clean again.",
    ),
    oneOf(
      "First {hero} played with it, and then {friend} did.",
      "Then they played with it together, and it was much more fun.",
    ),
  ],
};
