import type { ModelInfo } from "../../engine/model-info.ts";

/** The texts that a model is shown until others are typed: of words that the models know that come with Tenon. */
export function usualTexts({ spec, tokenizer }: ModelInfo): {
  readonly text: string;
  readonly written: string;
  readonly other: string;
} {
  if (spec.kind === "encoder") {
    const gap = tokenizer?.mask ?? "river";
    return {
      text: `Tom lost his ball, and then he fell into the ${gap}.`,
      written: "",
      other: `Mia lost her ball, and then she fell into the ${gap}.`,
    };
  }
  const text = "One day, Tom the cat lost his ball. Tom was very";
  return {
    text,
    written: spec.kind === "encoder-decoder" ? "One" : "",
    other: text.replaceAll("Tom", "Mia").replace("cat", "fox").replace("his", "her"),
  };
}
