import type { ModelInfo } from "../../engine/model-info.ts";

/** The texts that a model is shown until others are typed: of words that the models know that come with Tenon. */
export function usualTexts({ spec, tokenizer }: ModelInfo): {
  readonly text: string;
  readonly written: string;
  readonly other: string;
} {
  const text = `One day, Tom the cat lost his ball. Tom the${spec.kind === "encoder" ? ` ${tokenizer?.mask ?? "cat"} was very sad.` : ""}`;
  // The same of somebody else, token by token.
  const others = { Tom: "Mia", cat: "fox", his: "her" };
  const other = text.replaceAll(/\b(?:Tom|cat|his)\b/g, (word) => others[word as keyof typeof others]);
  return spec.kind === "encoder-decoder"
    ? { text, written: "Tom the", other: "Mia the" }
    : { text, written: "", other };
}
