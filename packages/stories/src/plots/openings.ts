import { type Beat, oneOf, when } from "../grammar/beat.ts";

/** The hero comes to the place. */
export const arrival: Beat = oneOf(
  "One {day}, {hero.full} {hero.moved} {place.to}.",
  "It was {day.new}. {Hero.full} was {place.at}.",
  "It was {day.new}. {Day.sky} {Hero.full} {hero.moved} {place.to}.",
  "Once there was {hero.new}. One {day}, {hero.he} {hero.moved} {place.to}.",
  "One {day}, {hero.full} was {hero.moving} {place.to}.",
  "{Hero.full} liked to {hero.move} {place.to}. One {day}, {hero.he} {hero.moved} there again.",
  "{Hero.full} liked to play {place.at}. One {day}, {hero.he} went there again.",
);

/** The hero has the thing of the story along. */
export const carrying: Beat = when(
  "thing.worn",
  oneOf("{Hero.he} had on {thing.new}.", "{Hero.he} wore {thing.new}."),
  when(
    "thing.toy",
    oneOf("{Hero.he} had {thing.new} to play with.", "{Hero.he} was playing with {thing.new}."),
    oneOf("{Hero.he} had {thing.new} in {hero.his} bag.", "{Hero.he} took {thing.new} along."),
  ),
);

/** Two who know each other. */
export const friends: Beat = oneOf(
  "{Hero.full} and {friend.full} were good friends.",
  "{Hero.full} had a good friend, {friend.full}.",
);
