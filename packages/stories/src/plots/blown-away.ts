import { oneOf, when } from "../grammar/beat.ts";
import { thanks } from "./endings.ts";
import { arrival } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** The wind takes something into the water; a swimmer brings it back, and the sun dries it. */
export const blownAway: Plot = {
  name: "blown away",
  needs: {
    hero: { without: ["swims"] },
    friend: { with: ["swims"] },
    thing: { with: ["blows", "rolls"] },
    place: { with: ["water"] },
    weather: ["windy"],
  },
  beats: [
    arrival,
    "{Hero.he} had {thing.new}.",
    when(
      "thing.rolls",
      oneOf(
        "The ball rolled away and fell into {place.water}. Splash!",
        "{Hero.he} kicked {thing.the} too hard, and it fell into {place.water}.",
      ),
      oneOf(
        "The wind blew {thing.the} into {place.water}.",
        "Then the wind took {thing.the} and blew it far out on {place.water}.",
      ),
    ),
    oneOf(
      '"Oh no! I cannot swim!" cried {hero}.',
      "{Hero} could not swim, so {hero.he} began to cry.",
      "{Hero} tried to reach {thing.the} with a stick, but it was too far away.",
    ),
    oneOf(
      '{Friend.full} saw it. "I can swim," {friend.he} said. "Wait here."',
      '"I will get your {thing} for you," said {friend.full}.',
    ),
    oneOf(
      "{Friend.he} jumped into the water and swam out to {thing.the}.",
      "Splash! {Friend} swam and swam until {friend.he} had {thing.the}.",
    ),
    oneOf(
      "When {friend.he} came back, {thing.the} was very wet, but soon it was dry again.",
      "{Thing.the} was wet and cold, so they put it on a branch in the sun to dry.",
    ),
    thanks,
  ],
};
