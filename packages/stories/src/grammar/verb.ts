/** A verb in the forms that the stories use; irregular ones are simply written out. */
export interface Verb {
  /** After "to", "can", "will": `swim`. */
  readonly base: string;
  /** The tense that the stories are told in: `swam`. */
  readonly past: string;
  /** After "was": `swimming`. */
  readonly ing: string;
}

export const run: Verb = { base: "run", past: "ran", ing: "running" };
export const hop: Verb = { base: "hop", past: "hopped", ing: "hopping" };
export const walk: Verb = { base: "walk", past: "walked", ing: "walking" };
export const fly: Verb = { base: "fly", past: "flew", ing: "flying" };
export const swim: Verb = { base: "swim", past: "swam", ing: "swimming" };
export const climb: Verb = { base: "climb", past: "climbed", ing: "climbing" };
export const read: Verb = { base: "read", past: "read", ing: "reading" };
export const sing: Verb = { base: "sing", past: "sang", ing: "singing" };
export const draw: Verb = { base: "draw", past: "drew", ing: "drawing" };
export const bake: Verb = { base: "bake", past: "baked", ing: "baking" };
