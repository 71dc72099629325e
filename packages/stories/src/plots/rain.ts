import { type Beat, inOrder, maybe, oneOf, when } from "../grammar/beat.ts";
import { thanks } from "./endings.ts";
import { arrival } from "./openings.ts";
import type { Plot } from "./plot.ts";

const umbrella: Beat = inOrder(
  "{Friend.full} came by with {thing.new}.",
  '"Come under my {thing}," said {friend}.',
  oneOf("There was room for two under {thing.the}.", "They went home together under {thing.the}."),
  "Soon {hero} was dry and warm again.",
  thanks,
);

const puddles: Beat = inOrder(
  "{Friend.full} came by, and {friend.he} was happy.",
  '"I love the rain!" said {friend}. "Come and jump with me!"',
  "They jumped in the mud and in the water. Splash!",
  oneOf("It was so much fun that {hero} did not want to go home.", "They were very wet, and they laughed and laughed."),
);

const bridge: Beat = inOrder(
  '"Come in here!" called {friend.full}. {Friend.he} was in a dry place under a bridge.',
  oneOf(
    "They sat close together and told stories.",
    "{Friend} had some {food}, and they ate {food.them} and sang songs.",
  ),
  "At last, the rain stopped and the sun came out.",
  oneOf("There was a rainbow in the sky.", thanks),
);

/** Rain makes wet those who do not like water; a friend has an umbrella, a dry place or a better idea. */
export const rain: Plot = {
  name: "rain",
  needs: {
    hero: { without: ["swims"] },
    thing: { with: ["shelter"] },
    place: { with: ["trees", "path"] },
    weather: ["sunny"],
  },
  beats: [
    arrival,
    maybe("{Hero.he} played in the sun."),
    oneOf(
      "But soon the sky got dark, and it began to rain.",
      "Then there were dark clouds in the sky. Drip, drop! It began to rain.",
    ),
    oneOf(
      "{Hero} had no umbrella, so {hero.he} got very wet.",
      "{Hero.ref} hid under a tree, but {hero.he} got wet and cold.",
      '"I am so wet and cold!" {hero.ref} cried.',
    ),
    when("friend.swims", oneOf(puddles, umbrella), oneOf(bridge, umbrella)),
  ],
};
