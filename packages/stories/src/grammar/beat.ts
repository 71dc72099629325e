import type { Random } from "@tenon/tensor";
import { fill } from "./fill.ts";
import type { Cast } from "./role.ts";

/** One step of a plot: a template of whole sentences, or a way of choosing among steps. */
export type Beat =
  | string
  | { readonly kind: "one of"; readonly beats: readonly Beat[] }
  | { readonly kind: "in order"; readonly beats: readonly Beat[] }
  | { readonly kind: "maybe"; readonly beat: Beat }
  | { readonly kind: "when"; readonly fact: string; readonly beat: Beat; readonly otherwise: Beat };

/** Tells one of the beats, each as likely as the others. */
export function oneOf(...beats: Beat[]): Beat {
  return { kind: "one of", beats };
}

/** Tells all the beats, one after the other. */
export function inOrder(...beats: Beat[]): Beat {
  return { kind: "in order", beats };
}

/** Tells the beat in half of the stories. */
export function maybe(beat: Beat): Beat {
  return { kind: "maybe", beat };
}

/** Tells the beat if the fact holds, such as `"friend.flies"`: the role `friend` has the trait `flies`. */
export function when(fact: string, beat: Beat, otherwise: Beat = inOrder()): Beat {
  return { kind: "when", fact, beat, otherwise };
}

/** The filled templates of a beat, in the order of telling. */
export function tellBeat(beat: Beat, cast: Cast, random: Random): string[] {
  if (typeof beat === "string") return [fill(beat, cast, random)];
  switch (beat.kind) {
    case "one of":
      return tellBeat(random.pick(beat.beats), cast, random);
    case "in order":
      return beat.beats.flatMap((step) => tellBeat(step, cast, random));
    case "maybe":
      return random.uniform() < 0.5 ? tellBeat(beat.beat, cast, random) : [];
    case "when":
      return tellBeat(holds(beat.fact, cast) ? beat.beat : beat.otherwise, cast, random);
  }
}

function holds(fact: string, cast: Cast): boolean {
  const [role = "", trait = ""] = fact.split(".");
  return cast[role]?.traits.includes(trait) ?? false;
}
