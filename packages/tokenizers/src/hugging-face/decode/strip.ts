import type { Json } from "../json.ts";
import { type MakeStep, perToken } from "./step.ts";

/** How many of a character a step takes away from the start and the end. */
export interface StripOptions {
  readonly content: string;
  readonly start: number;
  readonly stop: number;
}

export function readStrip(json: Json): StripOptions {
  return { content: json.character("content"), start: json.count("start"), stop: json.count("stop") };
}

/** Strips each token. */
export function stripEach({ content, start, stop }: StripOptions): MakeStep {
  return perToken((token) => {
    const characters = [...token];
    let [begin, end] = [0, characters.length];
    while (begin < Math.min(start, characters.length) && characters[begin] === content) begin++;
    const least = Math.max(0, characters.length - stop);
    while (end > least && characters[end - 1] === content) end--;
    return characters.slice(begin, Math.max(begin, end)).join("");
  });
}

/** Strips the whole text: the start at once, and holds back what may turn out to be the end. */
export function stripWhole({ content, start, stop }: StripOptions): MakeStep {
  return () => {
    let left = start;
    let held = "";
    return {
      push(token) {
        let text = token;
        while (left > 0 && text !== "") {
          if (text.startsWith(content)) {
            text = text.slice(content.length);
            left--;
          } else left = 0;
        }
        text = held + text;
        let end = text.length;
        const least = text.length - stop * content.length;
        while (end > 0 && end > least && text.endsWith(content, end)) end -= content.length;
        held = text.slice(end);
        return end === 0 ? [] : [text.slice(0, end)];
      },
      end() {
        left = start;
        held = "";
        return [];
      },
    };
  };
}
