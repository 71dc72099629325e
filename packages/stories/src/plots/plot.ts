import type { Beat } from "../grammar/beat.ts";
import type { KindTrait } from "../words/kinds.ts";
import type { PlaceTrait } from "../words/places.ts";
import type { ThingTrait } from "../words/things.ts";
import type { Weather } from "../words/weather.ts";

/** Who or what may play a role: anybody with one of the traits `with` and none of the traits `without`. */
export interface Wanted<Trait> {
  readonly with?: readonly Trait[];
  readonly without?: readonly Trait[];
}

/** What must be true of a cast before the plot makes sense: whoever gets a kite out of a tree can climb or fly. */
export interface Needs {
  readonly hero?: Wanted<KindTrait>;
  readonly friend?: Wanted<KindTrait>;
  readonly thing?: Wanted<ThingTrait>;
  readonly place?: Wanted<PlaceTrait>;
  readonly weather?: readonly Weather["name"][];
  /** The hero lacks the skill of the story and the friend has it. */
  readonly lesson?: boolean;
}

/** A story without its particulars: what it needs, and what happens, in order. */
export interface Plot {
  readonly name: string;
  readonly needs: Needs;
  readonly beats: readonly Beat[];
}
