import { capitalised } from "../interface/capitalised.ts";

/** A key as a label: "keyValueHeads" → "Key value heads". */
export function labelOf(key: string): string {
  const words = key.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return capitalised(words);
}

/** A kind as a title: "encoder-decoder" → "Encoder–decoder". */
export function titleOf(kind: string): string {
  const text = kind.replaceAll("-", " ").replace("encoder decoder", "encoder–decoder").replace("rnn", "RNN");
  return capitalised(text);
}

/** A value as one would write it: true → "yes". */
export function valueText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
