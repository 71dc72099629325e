import type { Gender } from "../grammar/pronouns.ts";
import { type Kind, kinds } from "./kinds.ts";

/** Somebody with a name. Mia is a fox and a "she" in every story, so that a reader can learn who is who. */
export interface Character {
  readonly name: string;
  readonly kind: Kind;
  readonly gender: Gender;
}

export const characters: readonly Character[] = [
  { name: "Mia", kind: kinds.fox, gender: "she" },
  { name: "Finn", kind: kinds.fox, gender: "he" },
  { name: "Rosa", kind: kinds.bear, gender: "she" },
  { name: "Ben", kind: kinds.bear, gender: "he" },
  { name: "Lily", kind: kinds.rabbit, gender: "she" },
  { name: "Jack", kind: kinds.rabbit, gender: "he" },
  { name: "Zoe", kind: kinds.cat, gender: "she" },
  { name: "Tom", kind: kinds.cat, gender: "he" },
  { name: "Nina", kind: kinds.dog, gender: "she" },
  { name: "Max", kind: kinds.dog, gender: "he" },
  { name: "Dora", kind: kinds.mouse, gender: "she" },
  { name: "Pip", kind: kinds.mouse, gender: "he" },
  { name: "Ella", kind: kinds.duck, gender: "she" },
  { name: "Leo", kind: kinds.duck, gender: "he" },
  { name: "Ruby", kind: kinds.owl, gender: "she" },
  { name: "Otto", kind: kinds.owl, gender: "he" },
  { name: "Hana", kind: kinds.squirrel, gender: "she" },
  { name: "Sam", kind: kinds.squirrel, gender: "he" },
  { name: "Fay", kind: kinds.frog, gender: "she" },
  { name: "Gus", kind: kinds.frog, gender: "he" },
  { name: "Tess", kind: kinds.turtle, gender: "she" },
  { name: "Hugo", kind: kinds.turtle, gender: "he" },
];

/** What a hero may be called when first seen; nothing here contradicts a plot. */
export const manners: readonly string[] = ["little", "young", "clever", "friendly"];
