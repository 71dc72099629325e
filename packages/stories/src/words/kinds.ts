import { fly, hop, run, type Verb, walk } from "../grammar/verb.ts";
import type { FoodName } from "./foods.ts";

/** A kind of animal: how it gets about, what it likes to eat, and what it can do that others cannot. */
export interface Kind {
  readonly noun: string;
  readonly moves: Verb;
  readonly likes: FoodName;
  readonly traits: readonly KindTrait[];
}

export type KindName =
  | "fox"
  | "bear"
  | "rabbit"
  | "cat"
  | "dog"
  | "mouse"
  | "duck"
  | "owl"
  | "squirrel"
  | "frog"
  | "turtle";

export type KindTrait = "swims" | "climbs" | "flies" | "fast" | "slow" | "small" | "guide";

export const kinds: Readonly<Record<KindName, Kind>> = {
  fox: { noun: "fox", moves: run, likes: "berry", traits: ["fast"] },
  bear: { noun: "bear", moves: walk, likes: "honey", traits: ["swims", "climbs"] },
  rabbit: { noun: "rabbit", moves: hop, likes: "carrot", traits: ["fast", "small"] },
  cat: { noun: "cat", moves: run, likes: "cake", traits: ["fast", "climbs"] },
  dog: { noun: "dog", moves: run, likes: "cookie", traits: ["fast", "swims", "guide"] },
  mouse: { noun: "mouse", moves: run, likes: "cheese", traits: ["slow", "small"] },
  duck: { noun: "duck", moves: walk, likes: "bread", traits: ["slow", "swims", "flies"] },
  owl: { noun: "owl", moves: fly, likes: "cookie", traits: ["flies", "guide"] },
  squirrel: { noun: "squirrel", moves: run, likes: "nut", traits: ["climbs", "small"] },
  frog: { noun: "frog", moves: hop, likes: "berry", traits: ["slow", "swims", "small"] },
  turtle: { noun: "turtle", moves: walk, likes: "apple", traits: ["slow", "swims"] },
};
