import { oneOf, when } from "../grammar/beat.ts";
import { arrival } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** Somebody lonely meets somebody shy. */
export const newFriend: Plot = {
  name: "new friend",
  needs: { thing: { with: ["toy"] } },
  beats: [
    arrival,
    oneOf(
      "{Hero.he} had {thing.new}, but {hero.he} had no friend to play with, and {hero.he} felt lonely.",
      '{Hero.he} was playing with {thing.new}. "It is no fun to play alone," {hero.he} thought.',
    ),
    oneOf("Then {hero.he} heard a sound {spot.at}.", "Then {hero.he} saw that somebody was {spot.at}."),
    oneOf("It was a little {friend.kind}, and {friend.he} was very shy.", "It was a shy little {friend.kind}."),
    oneOf(
      '"Hello," said {hero}. "My name is {hero}. What is your name?"',
      '"Do not be afraid," said {hero.who}. "I am {hero}. Who are you?"',
    ),
    oneOf(
      '"My name is {friend}," said the {friend.kind} in a quiet voice.',
      '"I am {friend}," said the {friend.kind}.',
    ),
    when(
      "thing.rolls",
      "{Hero} kicked the ball to {friend}, and {friend.he} kicked it back.",
      oneOf(
        '"Do you want to play with me?" asked {hero.who}.',
        "{Hero} gave {friend} {thing.the}, and {friend} smiled.",
      ),
    ),
    oneOf(
      "They played until the sun went down.",
      "They played all day, and {friend} was not shy any more.",
      "They played all day, and {hero} was not lonely any more.",
      'They played all day. "Will you come back?" asked {friend}. "Yes!" said {hero}. "You are my friend now."',
    ),
  ],
};
