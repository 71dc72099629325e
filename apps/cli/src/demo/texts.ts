/** What the story decoder continues. */
export const beginning = "One dark night, Mia the fox";

/** What the story encoder fills in. */
export const masked = "The [MASK] rolled away and fell into the river, and Tom began to [MASK].";

/** What to try after the demo. Each works as it stands. */
export const nextCommands: readonly { readonly line: string; readonly does: string }[] = [
  { line: 'generate --prompt "One day, Tom the cat" --seed 7', does: "another story" },
  { line: 'fill "One dark [MASK], Mia the fox could not [MASK]."', does: "other words" },
  { line: "inspect", does: "every part of a model, with shapes and sizes" },
  {
    line: "train --layers 2 --width 64 --steps 300 --out my-model",
    does: "a small model of your own, in a few seconds",
  },
  { line: "generate --model my-model", does: "what it has learned by then" },
  { line: "help train", does: "everything else, for instance how to train on a text of yours" },
];
