import type { PatchPlace } from "../../engine/inspection/intervention-data.ts";

/** A place in a model as it stands in the address: "2 attention 3" is head 3 of the attention in layer 2, and "-1 stream" what goes into the first. */
export const placeName = ({ layer, part, head }: PatchPlace): string =>
  [layer, part, ...(head === undefined ? [] : [head])].join(" ");

/** The way back; undefined for what is no place. */
export function placeOf(name: string): PatchPlace | undefined {
  const found = /^(-1|\d{1,4}) (stream|attention|cross-attention|feed-forward)(?: (\d{1,4}))?$/.exec(name);
  if (found === null) return undefined;
  const [, layer, part, head] = found;
  if (layer === "-1" && part !== "stream") return undefined;
  return { layer: Number(layer), part: part as PatchPlace["part"], ...(head !== undefined && { head: Number(head) }) };
}
