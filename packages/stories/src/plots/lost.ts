import { inOrder, maybe, oneOf } from "../grammar/beat.ts";
import { thanks, together } from "./endings.ts";
import { arrival, carrying } from "./openings.ts";
import type { Plot } from "./plot.ts";

/** Something is gone, two look for it, and it turns up. */
export const lost: Plot = {
  name: "lost",
  needs: { thing: { with: ["owned"] } },
  beats: [
    arrival,
    carrying,
    oneOf(
      "{Hero.he} played for a long time, and then {thing.the} {thing.was} gone.",
      "But when {hero.he} sat down to rest, {thing.the} {thing.was} gone.",
      "After a while, {hero.he} looked for {thing.the}, but {thing.it} {thing.was} gone.",
    ),
    oneOf(
      "{Hero.ref} felt very sad.",
      "{Hero.ref} began to cry.",
      '"Oh no!" {hero.ref} cried. "Where {thing.is} my {thing}?"',
    ),
    oneOf(
      inOrder('{Friend.full} came by and asked, "Why are you so sad?"', '"I lost my {thing.full}," said {hero}.'),
      '{Friend.full} saw {hero.him} and said, "I will help you look for your {thing}."',
    ),
    maybe(
      oneOf(
        "First they looked {other.at}, but {thing.the} {thing.was} not there.",
        "{Hero.ref} looked {other.at}, but {hero.he} found nothing.",
        "They looked {other.at} and found only an old shoe.",
      ),
    ),
    oneOf(
      "Then {friend} looked {spot.at}, and there {thing.it} {thing.was}!",
      'Then {friend} saw something {thing.look} {spot.at}. "Here {thing.is} your {thing}!" {friend.he} called.',
      "At last, {hero} found {thing.the} {spot.at}.",
    ),
    thanks,
    maybe(together),
  ],
};
