import type { Spec } from "@tenon/models";

import { bytes } from "../interface/numbers.ts";

/** What the parameters of a model may take in a page, in bytes: of about 4 GiB, the rest is for what is computed. */
const most = 3 * 1024 ** 3;

/** Why a model can be neither trained nor run as it begins in a page; undefined where it can. */
export function whyNotHere({ kind }: Pick<Spec, "kind">, parameters: number): string | undefined {
  if (kind === "image-encoder") return "This is a model of images; this page trains and runs models of text.";
  const [whole, half] = [4 * parameters, 2 * parameters];
  if (whole <= most) return undefined;
  const room = `Its parameters take ${bytes(whole)} as f32, and a page has room for about ${bytes(most)}.`;
  return half > most
    ? `${room} Here it can be looked at, but neither trained nor run.`
    : `${room} Here it can be looked at, and run from its files with weights of 16 bits, which take ${bytes(half)}; but it can be neither trained nor run as it begins.`;
}
