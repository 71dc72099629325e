import { ConfigError } from "@tenon/tensor";

/** The text to build from, or a `ConfigError` that says what came instead. */
export function checkText(text: unknown): string {
  if (typeof text !== "string") {
    throw new ConfigError(`a tokenizer is built from a text, which is a string; got ${kindOf(text)}`, { key: "text" });
  }
  if (text === "")
    throw new ConfigError("the text is empty; a tokenizer takes its tokens from a text", { key: "text" });
  return text;
}

/** Refuses every key of `value` that is not in `known`: an option is honoured or refused, never ignored. */
export function checkKeys(value: object, known: readonly string[], what: string): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    throw new ConfigError(`${what} knows the keys ${known.join(", ")}; got ${JSON.stringify(key)}`, {
      key,
      expected: known,
    });
  }
}

/** What a value is, in a few words, for messages. */
export function kindOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `the string ${JSON.stringify(value)}`;
    case "number":
    case "bigint":
    case "boolean":
      return `the ${typeof value} ${value}`;
    case "object":
      return value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
    case "undefined":
      return "nothing";
    default:
      return `a ${typeof value}`;
  }
}
