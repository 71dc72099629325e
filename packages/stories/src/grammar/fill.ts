import { ConfigError, type Random } from "@tenon/tensor";
import type { Cast } from "./role.ts";

/** `{role}`, `{role.form}`; a capital first letter asks for a capital: `{Hero.he}` gives "She". */
export const slot: RegExp = /\{([A-Za-z]+)(?:\.([A-Za-z]+))?\}/g;

/**
 * Fills the slots of a template from a cast, and the slots of what it filled in.
 * Throws `ConfigError` when a slot names a role or a form that the cast lacks.
 *
 * @example
 * ```ts
 * const cast = { hero: { forms: { he: "she", his: "her" } }, thing: { forms: { "": ["ball"] } } };
 * console.log(fill("{Hero.he} lost {hero.his} {thing}.", cast, random(1))); // She lost her ball.
 * ```
 */
export function fill(template: string, cast: Cast, random: Random): string {
  return template.replace(slot, (written: string, name: string, form: string = "") => {
    const role = lowerFirst(name);
    const found = cast[role]?.forms[form];
    if (found === undefined) {
      throw new ConfigError(
        `nothing in the cast fills ${written} in "${template}"; it has ${Object.keys(cast).join(", ")}`,
        {
          template,
          slot: written,
        },
      );
    }
    const text = fill(typeof found === "string" ? found : random.pick(found), cast, random);
    return name === role ? text : upperFirst(text);
  });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
