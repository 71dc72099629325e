import { oneOf, when } from "../grammar/beat.ts";
import type { Plot } from "./plot.ts";

/** A sound in the night turns out to be a friend. */
export const noise: Plot = {
  name: "noise",
  needs: { thing: { with: ["cover"] } },
  beats: [
    oneOf(
      "It was a dark night. {Hero.full} was in bed under {thing.new}.",
      "One dark night, {hero.full} could not sleep. {Hero.he} had {thing.new} on {hero.his} bed.",
    ),
    oneOf("Then {hero.he} heard a sound. Tap, tap, tap!", "Tap, tap, tap! There was a sound at the door."),
    oneOf(
      "{Hero.ref} was so afraid that {hero.he} hid under {thing.the}.",
      '{Hero.ref} was afraid. "Is it a ghost?" {hero.he} thought.',
      '"Who is there?" {hero.ref} asked in a little voice.',
    ),
    oneOf(
      "Then {hero.he} took a light and slowly opened the door.",
      "But {hero} was brave. {Hero.he} got up and opened the door.",
    ),
    oneOf("It was {friend.full}!", "There was {friend.full}!"),
    oneOf(
      '"I lost my key," said {friend}, "and it is so cold out here."',
      when(
        "friend.guide",
        '"I lost my way," said {friend}. "Can I come in?"',
        '"I am afraid of the dark," said {friend}. "Can I sleep here?"',
      ),
      '"I could not sleep," said {friend}, "so I came to see you."',
    ),
    '{Hero.ref} laughed. "It was only you!" {hero.he} said.',
    oneOf(
      "They had some {food} and told stories, and soon they were both asleep under {thing.the}.",
      "{Hero} gave {friend} half of {thing.the}, and they were not afraid any more.",
      "They sat under {thing.the} and looked at the moon until they were asleep.",
    ),
  ],
};
