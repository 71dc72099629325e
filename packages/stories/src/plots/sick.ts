import { inOrder, maybe, oneOf } from "../grammar/beat.ts";
import { friends } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** A visit to somebody in bed. */
export const sick: Plot = {
  name: "sick",
  needs: { thing: { with: ["cosy"] } },
  beats: [
    friends,
    oneOf(
      "One {day}, {friend} did not come out to play.",
      "One {day}, {hero} waited for {friend}, but {friend.he} did not come.",
    ),
    oneOf(
      "So {hero} went to the house of {friend}.",
      "{Hero.ref} was afraid that something was wrong, so {hero.he} {hero.moved} to {friend.his} house.",
    ),
    oneOf(
      '"I am sick," said {friend}. "My head is hot, and I am so tired."',
      '{Friend} was sick in bed. "I feel bad," {friend.he} said.',
    ),
    maybe(oneOf("{Hero} wanted to help.", '"I know what to do," said {hero.who}.')),
    oneOf(
      inOrder(
        "{Hero.ref} made some hot soup, and {friend} ate it all.",
        maybe("Then {hero.he} read {friend.him} a story."),
      ),
      inOrder(
        "{Hero.ref} {hero.moved} home and came back with {thing.new}.",
        '"You can have my {thing} until you are well," {hero.he} said.',
      ),
    ),
    oneOf("{Friend} smiled and fell asleep.", "{Friend} smiled for the first time that day."),
    oneOf("The next day, {friend} felt much better.", "After two days, {friend} was well again."),
    oneOf(
      '"Thank you," said {friend}. "You made me well."',
      "They went out to play together, and they were both happy.",
    ),
  ],
};
