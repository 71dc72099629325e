import { maybe, oneOf, when } from "../grammar/beat.ts";
import { thanks, together } from "./endings.ts";
import { arrival } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** A toy hangs in a tree, out of reach of one who can neither climb nor fly. */
export const stuck: Plot = {
  name: "stuck",
  needs: {
    hero: { without: ["climbs", "flies"] },
    friend: { with: ["climbs", "flies"] },
    thing: { with: ["flies", "rolls"] },
    place: { with: ["trees"] },
  },
  beats: [
    arrival,
    "{Hero.he} had {thing.new}.",
    when(
      "thing.flies",
      oneOf(
        "{Thing.the} flew high in the sky, but then the wind blew it into a tall tree.",
        "{Hero.he} ran, and {thing.the} went up and up. But then it got stuck in a tall tree.",
      ),
      oneOf(
        "{Hero.he} kicked {thing.the} too hard, and it got stuck in a tall tree.",
        "{Hero.he} threw {thing.the} up high, and it did not come down. It was stuck in a tall tree.",
      ),
    ),
    oneOf(
      "{Hero.ref} jumped and jumped, but the tree was too tall.",
      "{Hero.ref} threw a stick at {thing.the}, but the stick got stuck too.",
      "{Hero.ref} pushed the tree, but {thing.the} did not fall down.",
      '"What can I do?" {hero.ref} cried.',
    ),
    oneOf(
      '{Friend.full} saw {hero.him} and said, "Do not be sad. I can {friend.rise}."',
      '"I can help you," said {friend.full}. "I can {friend.rise} up there."',
    ),
    oneOf(
      "{Friend} {friend.rose} up to the top of the tree and pushed {thing.the} down.",
      "So {friend} {friend.rose} into the tree, and soon {friend.he} came down with {thing.the}.",
    ),
    thanks,
    maybe(together),
  ],
};
