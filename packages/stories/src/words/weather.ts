/** The weather of a story: the word that describes the day, and what can be seen of it later. */
export interface Weather {
  readonly name: "sunny" | "windy" | "cold";
  readonly days: readonly string[];
  readonly sky: readonly string[];
}

export const weathers: readonly Weather[] = [
  { name: "sunny", days: ["sunny", "warm"], sky: ["The birds sang.", "The sky was blue."] },
  { name: "windy", days: ["windy"], sky: ["The wind was strong.", "The wind blew in the trees."] },
  { name: "cold", days: ["cold"], sky: ["The wind was cold.", "The sky was white."] },
];

/** Times of day at which a story can begin and still have room before the night. */
export const times: readonly string[] = ["day", "morning", "afternoon"];
