import type { Weather } from "./weather.ts";

/** Where a story happens, with what belongs there. */
export interface Place {
  readonly noun: string;
  /** Being there: `in` the park, `on` the hill. */
  readonly preposition: "in" | "on" | "by";
  /** Names of spots where things hide. */
  readonly spots: readonly SpotName[];
  /** Where a race along the `path` ends; none of the spots. */
  readonly goal?: string;
  /** What one can fall into and swim in. */
  readonly water?: string;
  readonly traits: readonly PlaceTrait[];
  readonly weather?: readonly Weather["name"][];
}

export type PlaceTrait = "trees" | "water" | "wild" | "path";

export type SpotName =
  | "bush"
  | "rock"
  | "log"
  | "leaf"
  | "tree"
  | "bench"
  | "bridge"
  | "grass"
  | "hole"
  | "sand"
  | "mud"
  | "flowers"
  | "fence";

/** A spot to look at: `under a bush`. Of some there is only one, which is "the" from the start: `in the tall grass`. */
export interface Spot {
  readonly preposition: "under" | "behind" | "in";
  readonly noun: string;
  readonly article: "a" | "the";
}

export const spots: Readonly<Record<SpotName, Spot>> = {
  bush: { preposition: "under", noun: "bush", article: "a" },
  rock: { preposition: "behind", noun: "big rock", article: "a" },
  log: { preposition: "behind", noun: "log", article: "a" },
  leaf: { preposition: "under", noun: "big leaf", article: "a" },
  tree: { preposition: "behind", noun: "old tree", article: "a" },
  bench: { preposition: "under", noun: "bench", article: "a" },
  bridge: { preposition: "under", noun: "bridge", article: "the" },
  grass: { preposition: "in", noun: "tall grass", article: "the" },
  hole: { preposition: "in", noun: "hole", article: "a" },
  sand: { preposition: "in", noun: "sand", article: "the" },
  mud: { preposition: "in", noun: "mud", article: "the" },
  flowers: { preposition: "behind", noun: "flowers", article: "the" },
  fence: { preposition: "behind", noun: "fence", article: "the" },
};

export const places: readonly Place[] = [
  {
    noun: "park",
    preposition: "in",
    spots: ["bench", "bush", "tree", "grass"],
    goal: "the old bridge",
    traits: ["trees", "path"],
  },
  { noun: "garden", preposition: "in", spots: ["flowers", "leaf", "fence", "bush"], traits: ["trees"] },
  {
    noun: "forest",
    preposition: "in",
    spots: ["log", "tree", "bush", "hole", "leaf"],
    goal: "the old bridge",
    traits: ["trees", "wild", "path"],
  },
  {
    noun: "hill",
    preposition: "on",
    spots: ["rock", "grass", "hole", "bush"],
    goal: "the old tree",
    traits: ["trees", "path"],
  },
  { noun: "pond", preposition: "by", spots: ["mud", "grass", "log", "leaf"], water: "pond", traits: ["water"] },
  {
    noun: "river",
    preposition: "by",
    spots: ["bridge", "rock", "mud", "grass"],
    goal: "the old tree",
    water: "river",
    traits: ["water", "path"],
  },
  {
    noun: "beach",
    preposition: "on",
    spots: ["sand", "rock", "hole"],
    water: "sea",
    traits: ["water"],
    weather: ["sunny", "windy"],
  },
  {
    noun: "farm",
    preposition: "on",
    spots: ["fence", "mud", "tree", "bush"],
    goal: "the red barn",
    traits: ["trees", "path"],
  },
  {
    noun: "field",
    preposition: "in",
    spots: ["grass", "flowers", "hole", "rock"],
    goal: "the old tree",
    traits: ["path"],
  },
];
