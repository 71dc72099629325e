import type { Json } from "@tenon/tensor";

import { isObject, type JsonObject } from "./at-path.ts";
import type { InputForm, Range } from "./form.ts";

/**
 * What a key begins with that a kind must be told and nothing around says: sizes that are usual beside a width and a number of heads. A name that is
 * not known here begins with the least that is allowed.
 */
export function beginning(key: string, input: InputForm, around: readonly JsonObject[]): Json {
  switch (input.type) {
    case "number":
      return clamped(usualNumber(key, around) ?? input.least ?? (input.above ?? 0) + 1, input);
    case "yes-no":
      return false;
    case "choice":
      return input.options[0] ?? null;
    case "list":
      return Array.from({ length: input.length ?? listLength(key, around) }, () => beginning(key, input.item, around));
    default:
      return {};
  }
}

const clamped = (value: number, { least = -Infinity, most = Infinity }: Range): number =>
  Math.min(most, Math.max(least, value));

function usualNumber(key: string, around: readonly JsonObject[]): number | undefined {
  const width = numberIn(around, "width") ?? 64;
  const usual: { readonly [key: string]: number } = {
    vocabulary: 1226,
    sourceVocabulary: numberIn(around, "vocabulary") ?? 1226,
    context: 64,
    width: 64,
    layers: 2,
    heads: width % 4 === 0 ? 4 : 1,
    hidden: 4 * width,
    readout: width,
    alignment: width,
    latentWidth: Math.ceil(width / 2),
    experts: 4,
    expertsPerToken: 2,
    labels: 2,
    factor: 2,
    base: 10000,
    image: 32,
    patch: 4,
  };
  return Object.hasOwn(usual, key) ? usual[key] : undefined;
}

/** LongRoPE has a factor for each pair of a head that turns; of other lists one element is enough to begin with. */
function listLength(key: string, around: readonly JsonObject[]): number {
  if (!key.endsWith("Factors")) return 1;
  const [attention = {}] = around.map((each) => each["attention"]).filter(isObject);
  const said = (key: string): number | undefined => numberIn([attention], key);
  const headWidth = said("headWidth") ?? (numberIn(around, "width") ?? 64) / (said("heads") ?? 1);
  // In latent attention a part of each head is for positions.
  const forPositions = attention["kind"] === "latent" ? (said("positionWidth") ?? headWidth / 2) : headWidth;
  return Math.max(1, Math.floor((forPositions * (numberIn(around, "fraction") ?? 1)) / 2));
}

const numberIn = (around: readonly JsonObject[], key: string): number | undefined =>
  around.map((each) => each[key]).find((value) => typeof value === "number");
