import { maybe, oneOf } from "../grammar/beat.ts";
import { together } from "./endings.ts";
import type { Plot } from "./plot.ts";

/** Nobody seems to remember. */
export const birthday: Plot = {
  name: "birthday",
  needs: { thing: { with: ["gift"] } },
  beats: [
    oneOf(
      "{Hero.full} wanted {thing.new} more than anything.",
      "There was one thing that {hero.full} wanted very much. It was {thing.new}.",
    ),
    oneOf("One {day}, it was {hero.his} birthday.", "Then, one {day}, it was {hero.his} birthday."),
    oneOf(
      "{Hero.ref} waited and waited, but nobody came.",
      'But nobody came to say, "Happy birthday!"',
      '"Nobody thinks of me," {hero.ref} said and began to cry.',
    ),
    oneOf(
      "So {hero.he} {hero.moved} {place.to} all alone.",
      "Then {hero.he} {hero.moved} {place.to} to look for {hero.his} friends.",
    ),
    oneOf(
      '"Surprise!" called {friend.full} and jumped out {spot.from}.',
      '{Friend.full} was there with a big cake. "Happy birthday!" {friend.he} called.',
    ),
    oneOf('"This is for you," said {friend} and gave {hero.him} a box.', "{Friend} had a big box for {hero.him}."),
    oneOf("{Hero} opened it. In the box was {thing.new}!", "{Hero.he} opened the box and saw {thing.new}!"),
    oneOf('"How did you know?" asked {hero.who}.', "It was the best birthday of all.", "{Hero} was very happy."),
    maybe(together),
  ],
};
