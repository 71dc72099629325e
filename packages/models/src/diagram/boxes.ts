import type { Part } from "@tenon/nn";

import { describe, type PartDescription } from "../describe.ts";
import type { PartSpec } from "../spec.ts";
import type { Box, Look } from "./sketch.ts";

/** The most characters of a line in a box. */
const lineWidth = 36;

/** Makes boxes of the parts of a model: class, options, shapes, and how many parameters there are. */
export class Boxes {
  readonly #parts: readonly PartDescription[];

  readonly #model: Part;

  constructor(model: Part) {
    this.#model = model;
    this.#parts = describe(model).parts;
  }

  has(path: string): boolean {
    return this.#parts.some((part) => part.path === path);
  }

  /** The box of a part that only wraps another: its numbers, such as the `scale` of `ScaledLogits`. */
  wrapper(path: string, look: Look): Box {
    const numbers = Object.entries(this.#model.parts().get(path) ?? {}).filter(
      ([, value]) => typeof value === "number",
    );
    return {
      look,
      title: this.#parts.find((part) => part.path === path)?.kind ?? path,
      lines: wrapped(
        numbers.map(([name, value]) => `${name} ${value}`),
        " · ",
      ),
    };
  }

  /** Is a part no more than a wrapper of another, like `ScaledLogits` of its output? */
  isAround(path: string, inner: string): boolean {
    const below = this.#parts.filter((part) => part.path.startsWith(`${path}.`));
    const own = this.#parts.find((part) => part.path === path)?.parameters ?? [];
    return this.has(inner) && own.length === 0 && below.every((part) => `${part.path}.`.startsWith(`${inner}.`));
  }

  /** The children of the model itself, by name. */
  children(): string[] {
    return this.#parts.map(({ path }) => path).filter((path) => path !== "" && !path.includes("."));
  }

  /** The box of a part; `spec` tells its options. */
  part(path: string, look: Look, spec?: PartSpec): Box {
    const inside = this.#below(path);
    // What is added to embeddings has a box of its own.
    const position = look === "attention" ? this.#parts.find((part) => part.path === `${path}.position`) : undefined;
    const lines = [
      ...wrapped(spec === undefined ? [] : optionsOf(spec), " · "),
      ...(position === undefined
        ? []
        : wrapped([`positions: ${position.kind}`, ...shapesOf(`${path}.position`, [position])], " · ")),
      ...wrapped(shapesOf(path, inside), " · "),
      ...countLine(inside),
    ];
    return { look, title: inside[0]?.kind ?? path, lines };
  }

  /** The box of a part that is another's once more, at whose place its parameters are. */
  again(path: string, look: Look): Box {
    const parts = this.#below(path);
    const lines = parts.flatMap((part) => part.parameters.map(({ name }) => `${name} = ${part.path}.${name}`));
    return { look, title: parts[0]?.kind ?? path, lines };
  }

  /** A box for what is done, with the parameters that the part at `path` holds itself. */
  step(label: string, path?: string): Box {
    const own = this.#parts.filter((part) => part.path === path);
    return { look: "step", title: label, lines: path === undefined ? [] : [...shapesOf(path, own), ...countLine(own)] };
  }

  /** A part and all in it, but for the position scheme that it shares with other layers. */
  #below(path: string): PartDescription[] {
    const isPosition = (at: string): boolean => `${at}.`.startsWith(`${path}.position.`);
    return this.#parts.filter((part) => `${part.path}.`.startsWith(`${path}.`) && !isPosition(part.path));
  }
}

const countLine = (parts: readonly PartDescription[]): string[] => {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  return count === 0 ? [] : [`${count.toLocaleString("en-US")} parameter${count === 1 ? "" : "s"}`];
};

/** "heads 4", "no bias", "windows 3, all". */
function optionsOf(spec: PartSpec): string[] {
  const { kind: _, ...options } = spec;
  return Object.entries(options).flatMap(([name, value]): string[] => {
    const said = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    if (value === true) return [said];
    if (value === false) return [`no ${said}`];
    if (Array.isArray(value) && value.some((each) => typeof each === "object" && each !== null)) return [said];
    if (Array.isArray(value))
      return [`${said} ${value.map((each) => (each === null ? "all" : String(each))).join(", ")}`];
    if (typeof value === "object" && value !== null) {
      const inside = value as { readonly kind?: unknown };
      return [typeof inside.kind === "string" ? `${said} ${inside.kind}` : said];
    }
    return [name === "activation" ? String(value) : `${said} ${String(value)}`];
  });
}

/** The shapes of the matrices, or where there are none of the vectors; those of one shape together. */
function shapesOf(path: string, parts: readonly PartDescription[]): string[] {
  const all = parts.flatMap((part) =>
    part.parameters.map(({ name, shape, sharedWith }) => {
      const below = `${part.path}.${name}`.slice(path.length + 1).replace(/\.(weight|table)$/, "");
      return { name: below.replace(/^(tokens|output|router|experts|shared)\./, "$1 "), shape, sharedWith };
    }),
  );
  const shared = all.flatMap(({ name, sharedWith }) => (sharedWith === undefined ? [] : [`${name} = ${sharedWith}`]));
  const own = all.filter(({ sharedWith }) => sharedWith === undefined);
  const matrices = own.filter(({ shape }) => shape.length > 1);
  const byShape = new Map<string, string[]>();
  for (const { name, shape } of matrices.length > 0 ? matrices : own) {
    const said = `[${shape.join(", ")}]`;
    byShape.set(said, [...(byShape.get(said) ?? []), name]);
  }
  return [...shared, ...[...byShape].map(([shape, names]) => `${names.join(", ")} ${shape}`)];
}

/** As many as fit stand in one line, with `between` between them. */
function wrapped(pieces: readonly string[], between: string): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const joined = lines.length === 0 ? piece : `${lines.at(-1)}${between}${piece}`;
    if (lines.length > 0 && joined.length <= lineWidth) lines[lines.length - 1] = joined;
    else lines.push(piece);
  }
  return lines;
}
