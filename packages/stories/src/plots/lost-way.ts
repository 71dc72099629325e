import { inOrder, maybe, oneOf, when } from "../grammar/beat.ts";
import type { Plot } from "./plot.ts";

/** Somebody small is far from home when night falls; a good nose or good eyes know the way. */
export const lostWay: Plot = {
  name: "lost way",
  needs: { hero: { with: ["small"] }, friend: { with: ["guide"] }, place: { with: ["wild"] } },
  beats: [
    oneOf(
      "One {day}, {hero.full} {hero.moved} far into the {place} to look for {food}.",
      "Once there was {hero.new}. One {day}, {hero.he} saw a butterfly and {hero.moved} after it, far into the {place}.",
    ),
    oneOf("Soon the sun went down, and it got dark.", "Then it was night, and the {place} was dark."),
    oneOf('"Where is my house?" {hero.ref} cried. "I am lost!"', "{Hero.ref} was lost, and {hero.he} was very afraid."),
    oneOf(
      "{Hero.he} tried one path, but there was only a big rock.",
      "{Hero.he} called for {hero.his} mother, but nobody heard {hero.him}.",
      "{Hero.he} sat down {spot.at} and began to cry.",
    ),
    oneOf('"Who is there?" asked a voice. It was {friend.full}.', "{Friend.full} heard {hero.him} and came to help."),
    when(
      "friend.flies",
      inOrder(
        '"I can see in the dark," {friend.he} said. "Come with me."',
        maybe("{Friend} flew from tree to tree, and {hero} {hero.moved} after {friend.him}."),
      ),
      inOrder(
        '"I have a good nose," {friend.he} said. "I can find the way."',
        maybe("{Friend} {friend.moved} along the path, and {hero} {hero.moved} after {friend.him}."),
      ),
    ),
    oneOf("At last, {hero} saw a light. It was {hero.his} house!", "Soon they came to the house of {hero}."),
    oneOf(
      "{Hero.his} mother was so happy to see them both.",
      '"Thank you, {friend}!" said {hero}. "You are a good friend."',
    ),
  ],
};
