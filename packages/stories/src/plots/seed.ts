import { oneOf } from "../grammar/beat.ts";
import { friends } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** Waiting, with water. */
export const seed: Plot = {
  name: "seed",
  needs: { weather: ["sunny"] },
  beats: [
    friends,
    oneOf("One {day}, {hero} found a little seed {spot.at}.", "One {day}, {friend} gave {hero} a little seed."),
    oneOf(
      "{Hero.ref} put it in the ground and gave it some water.",
      "{Hero.ref} made a hole in the garden and put the seed in it.",
    ),
    oneOf(
      "{Hero.he} waited all day, but nothing came up.",
      "The next day, {hero.he} looked, but there was nothing to see.",
    ),
    oneOf('"My seed does not want to grow," {hero.he} said.', '"Why does it not grow?" asked {hero}.'),
    oneOf(
      '"You have to wait," said {friend}. "A seed needs time and water."',
      '"Wait," said {friend}. "The sun and the rain will help it."',
    ),
    oneOf(
      "One night, it rained. In the morning, there was a little green leaf!",
      "Then it rained for a long time. When the sun came out, something green came up.",
      "So {hero} gave it water day after day. At last, there was a little green leaf!",
      "So they waited, and {hero} sang songs to the seed. At last, something green came up.",
    ),
    oneOf("It grew and grew, until it was {plant.new}.", "Soon it was {plant.new}!"),
    oneOf("{Plant.gives}", "{Hero.ref} was very proud.", '"I am so happy that I waited," said {hero}.'),
  ],
};
