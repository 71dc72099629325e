import { bake, climb, draw, read, sing, swim, type Verb } from "../grammar/verb.ts";
import type { KindTrait } from "./kinds.ts";

/** Something that a hero wants to learn, and what it looks like before and after. Sentences are templates. */
export interface Skill {
  readonly verb: Verb;
  /** The trait of those who can teach it, and the traits of those who need not learn it; left out, anybody may do both. */
  readonly teacher?: KindTrait;
  readonly notFor?: readonly KindTrait[];
  readonly where: string;
  readonly fail: readonly string[];
  readonly advice: readonly string[];
  readonly success: readonly string[];
}

export const skills: readonly Skill[] = [
  {
    verb: swim,
    teacher: "swims",
    notFor: ["swims"],
    where: "to the pond",
    fail: [
      "{Hero.he} jumped into the water, but {hero.he} went down like a rock.",
      "The water was deep, and {hero} was afraid.",
    ],
    advice: ["Kick your legs and do not stop", "Keep your head up and kick your legs"],
    success: ["{Hero} {skill.done} across the pond!", "{Hero} {skill.done} all around the pond!"],
  },
  {
    verb: climb,
    teacher: "climbs",
    notFor: ["climbs", "flies"],
    where: "to a tall tree",
    fail: [
      "{Hero.he} went up a little way, but then {hero.he} fell down.",
      "{Hero.he} looked up at the tree and was afraid.",
    ],
    advice: ["Hold on and do not look down", "Go slowly and hold on"],
    success: ["{Hero} {skill.done} to the top of the tree!", "{Hero} sat on the top branch!"],
  },
  {
    verb: read,
    where: "to the old bench",
    fail: [
      "{Hero.he} opened a book, but the words were too hard.",
      "{Hero.he} looked at the words, but they made no sense.",
    ],
    advice: ["Start with the little words", "Look at one word and then the next"],
    success: ["{Hero} {skill.done} the book from start to end!", "{Hero} {skill.done} a story to {friend}!"],
  },
  {
    verb: sing,
    where: "to the top of the hill",
    fail: ["{Hero.he} opened {hero.his} mouth, but no sound came out.", "{Hero.he} tried a song, but it was too loud."],
    advice: ["Start with a quiet song", "Listen first, and then start slowly"],
    success: [
      "{Hero} {skill.done} a song from start to end!",
      "{Hero} {skill.done}, and all the birds came to listen!",
    ],
  },
  {
    verb: draw,
    where: "to the old bench",
    fail: [
      "{Hero.he} tried to draw {friend}, but it looked like a potato.",
      "{Hero.he} tried to draw a house, but it looked like a shoe.",
    ],
    advice: ["Look first, and then draw what you see", "Go slowly and start with a round head"],
    success: [
      "{Hero} {skill.done} {friend}, and it looked just like {friend.him}!",
      "{Hero} {skill.done} a fine picture!",
    ],
  },
  {
    verb: bake,
    where: "home",
    fail: ["{Hero.his} first cake was black.", "{Hero.his} first cake was as hard as a rock."],
    advice: ["Wait and watch the fire", "Do not make the fire so hot"],
    success: ["{Hero} {skill.done} a soft and sweet cake!", "{Hero} {skill.done} a cake, and they ate it all!"],
  },
];
