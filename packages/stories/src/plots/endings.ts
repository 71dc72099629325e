import { type Beat, oneOf } from "../grammar/beat.ts";

/** The friend has helped the hero. */
export const thanks: Beat = oneOf(
  '"Thank you, {friend}!" said {hero.who}. "You are a good friend."',
  '"Thank you!" said {hero.who} and gave {friend} a big hug.',
  "{Hero} was so happy that {hero.he} gave {friend} a hug.",
  '"You are so kind," said {hero}. "Thank you for your help!"',
);

/** All is well, and the two go on together. */
export const together: Beat = oneOf(
  "Then they went home together.",
  "They played together until the sun went down.",
  "After that, {hero} and {friend} were best friends.",
  "{Hero.ref} had some {food}, and they ate {food.them} together.",
);
