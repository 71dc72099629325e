import { ConfigError, isTenonError } from "@tenon/tensor";

import type { WiredStack, Wiring } from "../diagram/wiring.ts";
import type { PartSpec } from "../spec.ts";
import { takesKind } from "../schema-at.ts";
import { mismatch, oneOf, validate } from "../validate.ts";
import type { GivenCode, Printed } from "./kind-code.ts";
import type { Built, Given, Group, Heads, Kind } from "./kind.ts";

type Entry = Kind<Group, never>;

/**
 * The kinds of parts that a spec can name. A value, never changed: `with` gives a new registry that knows one kind more, and
 * `assemble(spec, { kinds })` uses it. The options that a kind takes are a schema of [zod](https://zod.dev).
 *
 * @example
 * ```ts
 * import * as z from "zod";
 *
 * // Rotary positions in all layers but every fourth.
 * const kinds = standardKinds.with("position", "often-rotary", {
 *   options: z.strictObject({ kind: z.literal("often-rotary"), headWidth: z.int().positive() }),
 *   build: ({ headWidth }) => {
 *     const [rotary, nowhere] = [new RotaryPosition({ width: headWidth }), { at: () => ({}) }];
 *     return { attention: (layer) => (layer % 4 === 3 ? nowhere : rotary) };
 *   },
 * });
 * console.log(kinds.names("position").at(-1)); // often-rotary
 * ```
 */
export class Kinds {
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(entries: ReadonlyMap<string, Entry> = new Map()) {
    this.#entries = entries;
  }

  /**
   * The same kinds and one more. Throws `ConfigError` when the group has a kind of that name, since nothing is replaced silently, and when the schema
   * does not take that name as its `kind`.
   */
  with<G extends Group, Options>(group: G, name: string, kind: Kind<G, Options>): Kinds {
    if (this.#entries.has(`${group}/${name}`)) {
      throw new ConfigError(`${group} has a kind "${name}" already; choose another name`, { group, name });
    }
    if (!takesKind(kind.options, name)) {
      throw new ConfigError(
        `${group}: the options of the kind "${name}" must take it as their kind; write kind: z.literal("${name}") into the schema`,
        { group, name },
      );
    }
    return new Kinds(new Map([...this.#entries, [`${group}/${name}`, kind as unknown as Entry]]));
  }

  /** The names of a group's kinds. */
  names(group: Group): string[] {
    return [...this.#entries.keys()]
      .filter((key) => key.startsWith(`${group}/`))
      .map((key) => key.slice(group.length + 1));
  }

  /** The names of a group's kinds, each with the schema of its options. */
  schemas(group: Group): (readonly [name: string, options: Kind<Group>["options"]])[] {
    return this.names(group).map((name) => [name, this.#find(group, { kind: name }, "spec").options]);
  }

  /**
   * A part's spec with every default filled in. Throws `ConfigError` for an unknown kind, an unknown option or a bad value; `at` is where in the spec it
   * stands.
   */
  check(group: Group, spec: PartSpec, at = "spec"): PartSpec {
    return validate(this.#find(group, spec, at).options, spec, `${at}.${group}`) as PartSpec;
  }

  /** Builds a part from a checked spec. What the part refuses is thrown again under the name of the spec's key. */
  build<G extends Group>(group: G, spec: PartSpec, given: Given[G], at = "spec"): Built[G] {
    const path = `${at}.${group}`;
    const kind = this.#find(group, spec, at) as unknown as Kind<G, PartSpec>;
    try {
      return kind.build(spec, given);
    } catch (error) {
      if (!isTenonError(error, "ConfigError")) throw error;
      throw new ConfigError(`${path}: ${error.message}`, { ...error.fields, path }, { cause: error });
    }
  }

  /** The TypeScript of a part from a checked spec. Throws `ConfigError` where its kind has no `code`. */
  code<G extends Group>(group: G, spec: PartSpec, given: GivenCode[G], at = "spec"): Printed[G] {
    const kind = this.#find(group, spec, at) as unknown as Kind<G, PartSpec>;
    if (kind.code !== undefined) return kind.code(spec, given);
    const path = `${at}.${group}.kind`;
    throw new ConfigError(
      `${path}: the kind ${JSON.stringify(spec.kind)} does not say how it is written in TypeScript; give it a \`code\` function beside \`build\``,
      { path, got: spec.kind },
    );
  }

  /** The heads that a checked attention makes; undefined where its kind does not say. */
  heads(spec: PartSpec, model: { readonly width: number }): Heads | undefined {
    return this.#find("attention", spec, "spec").heads?.(spec as never, model);
  }

  /** How a checked residual scheme wires its blocks; undefined where its kind does not say. */
  wiring(spec: PartSpec, stack: WiredStack): Wiring | undefined {
    return this.#find("residual", spec, "spec").wiring?.(spec as never, stack);
  }

  #find(group: Group, { kind }: { readonly kind: unknown }, at: string): Entry {
    const entry = typeof kind === "string" ? this.#entries.get(`${group}/${kind}`) : undefined;
    if (entry !== undefined) return entry;
    const path = `${at}.${group}.kind`;
    throw new ConfigError(mismatch(path, oneOf(this.names(group)), kind), { path, got: kind });
  }
}
