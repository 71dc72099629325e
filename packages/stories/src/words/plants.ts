/** What a seed becomes, and what its gardener does with it: a template. */
export interface Plant {
  readonly noun: string;
  readonly look: string;
  readonly gives: string;
}

export const plants: readonly Plant[] = [
  { noun: "flower", look: "yellow", gives: "The flower was as tall as {hero}." },
  { noun: "flower", look: "white", gives: "All the bees came to see the flower." },
  { noun: "carrot", look: "big", gives: "They pulled up the carrot and made soup." },
  { noun: "apple tree", look: "little", gives: "In the fall, there were sweet apples for all." },
];
