import { maybe, oneOf } from "../grammar/beat.ts";
import type { Plot } from "./plot.ts";

/** The hero tries, fails, gets good advice and can do it in the end. */
export const learn: Plot = {
  name: "learn",
  needs: { lesson: true },
  beats: [
    oneOf(
      "{Hero.full} wanted to learn to {skill}. One {day}, {hero.he} went {skill.where} with {friend.full}.",
      "{Friend.full} could {skill} very well, but {friend.his} friend {hero.full} could not. One {day}, they went {skill.where}.",
      "Once there was {hero.new}. {Hero.he} could not {skill}, and it made {hero.him} sad. One {day}, {hero.he} went {skill.where} with {friend.full}.",
    ),
    "{Skill.fail}",
    oneOf('"I will never learn to {skill}!" {hero.he} cried.', '"{Skill.doing} is too hard for me," {hero.he} said.'),
    oneOf('"Try again," said {friend}. "{Skill.advice}."', '"{Skill.advice}," said {friend}.'),
    oneOf(
      "So {hero} tried again and again.",
      "{Hero} tried again the next day, and the next.",
      "{Hero.ref} tried once more, and it went a little better.",
    ),
    "And then {hero.he} did it! {Skill.success}",
    maybe(
      oneOf(
        '"I did it!" {hero.he} called. {Hero.he} was very proud.',
        '"Well done!" said {friend}. "I am proud of you."',
      ),
    ),
  ],
};
