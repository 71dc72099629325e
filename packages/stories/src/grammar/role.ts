/** What a slot writes: one text, or several of which each use picks one. */
export type Form = string | readonly string[];

/**
 * Somebody or something that a template can mention: a table from the name of a form to its text.
 * The form `""` answers the bare slot `{hero}`; `{hero.his}` asks for the form `his`.
 */
export interface Role {
  readonly forms: Readonly<Record<string, Form>>;
  /** What `when("hero.swims", …)` looks up. */
  readonly traits: readonly string[];
}

/** Everybody and everything in one story, by the name that templates use. Fixed before the first word is told. */
export type Cast = Readonly<Record<string, Role>>;
