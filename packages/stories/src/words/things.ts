import type { Weather } from "./weather.ts";

/** Something to own, lose, break or wish for. Its look is chosen once and stays. */
export interface Thing {
  readonly noun: string;
  readonly plural?: boolean;
  readonly looks: readonly string[];
  readonly traits: readonly ThingTrait[];
  /** The weathers in which somebody would carry it; every weather if left out. */
  readonly weather?: readonly Weather["name"][];
}

export type ThingTrait =
  | "toy"
  | "flies"
  | "blows"
  | "rolls"
  | "breaks"
  | "worn"
  | "gift"
  | "shelter"
  | "cover"
  | "cosy"
  | "owned";

const colours = ["red", "blue", "green", "yellow", "orange", "white"] as const;

export const things: readonly Thing[] = [
  { noun: "ball", looks: colours, traits: ["toy", "rolls", "gift", "owned"] },
  { noun: "kite", looks: colours, traits: ["toy", "flies", "gift", "owned"], weather: ["windy"] },
  { noun: "hat", looks: colours, traits: ["worn", "blows", "gift", "owned"] },
  { noun: "scarf", looks: colours, traits: ["worn", "cosy", "blows", "gift", "owned"], weather: ["windy", "cold"] },
  { noun: "mittens", plural: true, looks: colours, traits: ["worn", "gift", "owned"], weather: ["cold"] },
  { noun: "boots", plural: true, looks: colours, traits: ["gift"] },
  { noun: "boat", looks: colours, traits: ["toy", "breaks", "gift", "owned"] },
  { noun: "drum", looks: colours, traits: ["toy", "breaks", "gift", "owned"] },
  { noun: "wagon", looks: colours, traits: ["toy", "gift"] },
  { noun: "lamp", looks: colours, traits: ["breaks", "gift", "owned"] },
  { noun: "cup", looks: colours, traits: ["breaks", "owned"] },
  { noun: "bell", looks: ["shiny"], traits: ["gift", "owned"] },
  { noun: "key", looks: ["shiny"], traits: ["owned"] },
  { noun: "shell", looks: ["white", "shiny"], traits: ["owned"] },
  { noun: "book", looks: colours, traits: ["cosy", "gift", "owned"] },
  { noun: "umbrella", looks: colours, traits: ["shelter"] },
  { noun: "blanket", looks: colours, traits: ["cover", "cosy"] },
];
