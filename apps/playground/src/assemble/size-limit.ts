import { bytes } from "../interface/numbers.ts";

/** What the parameters of a model may take in a page, in bytes, and a little is left for what it computes. */
const most = 3 * 1024 ** 3;

/** Why a model of so many parameters cannot run in a page; undefined where it can. */
export function tooLarge(parameters: number): string | undefined {
  const size = 4 * parameters;
  if (size <= most) return undefined;
  return `Its parameters take ${bytes(size)} as f32, and a page can hold about ${bytes(most)}: here it can be looked at, but neither run nor trained.`;
}
