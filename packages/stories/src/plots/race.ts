import { oneOf } from "../grammar/beat.ts";
import type { Plot } from "./plot.ts";

/** The fast one stops too soon; the slow one does not stop. */
export const race: Plot = {
  name: "race",
  needs: { hero: { with: ["fast"] }, friend: { with: ["slow"] }, place: { with: ["path"] } },
  beats: [
    oneOf(
      '{Hero.full} was very fast. "Nobody is as fast as I am," {hero.he} always said.',
      '"I am the fastest of all!" said {hero.full}.',
    ),
    oneOf(
      '"Let us run a race," said {friend.full}. {Hero} laughed, for {friend} was very slow.',
      '{Friend.full} was slow, but {friend.he} said, "I want to race with you."',
    ),
    oneOf(
      "One {day}, they met {place.at}. The race went to {place.goal}.",
      "So one {day}, they ran a race {place.at}, all the way to {place.goal}.",
    ),
    "{Hero} {hero.moved} so fast that {friend} was soon far behind.",
    oneOf(
      "So {hero.he} sat down {spot.at} and fell asleep.",
      "Then {hero.ref} saw some {food} and stopped to eat {food.them}.",
    ),
    oneOf("But {friend} did not stop.", "{Friend} was tired and hot, but {friend.he} did not stop."),
    oneOf(
      "When {hero} came to {place.goal}, {friend} was there first!",
      "{Hero} jumped up and {hero.moved} on, but it was too late. {Friend} was there first!",
    ),
    oneOf(
      '"You did well," said {hero.who}. "I was too proud."',
      '"I am slow, but I do not stop," said {friend} and smiled.',
      "Then they laughed and went home together.",
    ),
  ],
};
