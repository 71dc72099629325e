import { ConfigError, ShapeError } from "../errors.ts";
import { show, type Shape } from "../shape.ts";

/**
 * An equation on the shapes it is used with. A label is a letter, or "…1" for the last axis under "...", "…2" for the one before
 * it, and so on.
 */
export interface Labelled {
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
}

type Fail = (why: string) => never;

const distinct = (labels: readonly string[]): boolean => new Set(labels).size === labels.length;

/** "...ij" as ["...", "i", "j"]. */
function labelsOf(text: string, fail: Fail): string[] {
  const labels = text.match(/\.\.\.|./gsu) ?? [];
  for (const label of labels)
    if (!/^(?:[A-Za-z]|\.\.\.)$/.test(label))
      fail(`"${label}" is neither a letter from a to z or A to Z nor "...", a comma or one "->"`);
  if (labels.filter((label) => label === "...").length > 1) fail(`"${text}" has "..." twice, and one covers all axes`);
  return labels;
}

/** The labels of each operand and of the result, with "..." among them. */
function parse(equation: string, fail: Fail): { operands: string[][]; output: string[] } {
  const [left, right, ...more] = equation.replaceAll(/\s+/g, "").split("->");
  if (more.length > 0) fail(`it has "->" more than once`);
  const operands = left!.split(",").map((text) => labelsOf(text, fail));
  const all = operands.flat();
  if (right === undefined) {
    // Without "->": what "..." covers, then the letters that appear once, capitals first, as their code points are.
    const once = all.filter((label) => label !== "..." && all.indexOf(label) === all.lastIndexOf(label));
    return { operands, output: [...(all.includes("...") ? ["..."] : []), ...once.toSorted()] };
  }
  if (right.includes(",")) fail(`the output "${right}" must be one list of letters, without a comma`);
  const output = labelsOf(right, fail);
  const unknown = output.find((label) => label !== "..." && !all.includes(label));
  if (unknown !== undefined) fail(`the output has the letter "${unknown}", which no operand has`);
  if (!distinct(output)) fail(`the output "${right}" has a letter twice`);
  if (all.includes("...") && !output.includes("..."))
    fail(`an operand has "..." and the output has not; name with letters what is to be summed`);
  return { operands, output };
}

/**
 * Reads an equation and lays it on the shapes. Throws `ConfigError` for what is no equation and `ShapeError` where the shapes do
 * not fit it.
 */
export function labelled(equation: string, shapes: readonly Shape[]): Labelled {
  const where = `einsum ${JSON.stringify(equation)}`;
  const { operands, output } = parse(equation, (why) => {
    throw new ConfigError(`${where}: ${why}`, { equation });
  });
  const misfit: Fail = (why) => {
    throw new ShapeError(`${where}: ${why}`, { equation, shapes });
  };
  if (operands.length !== shapes.length)
    misfit(`it is for ${operands.length} operand${operands.length === 1 ? "" : "s"}, got ${shapes.length}`);
  const covered = operands.map((labels, i) => {
    const letters = labels.filter((label) => label !== "...").length;
    const open = letters < labels.length;
    const extra = shapes[i]!.length - letters;
    if (extra < 0 || (extra > 0 && !open))
      misfit(
        `operand ${i} is ${show(shapes[i]!)}, with ${shapes[i]!.length} axes, and "${labels.join("")}" is for ${letters}${open ? " or more" : ""}`,
      );
    return extra;
  });
  const filled = (labels: readonly string[], extra: number): string[] =>
    labels.flatMap((label) => (label === "..." ? Array.from({ length: extra }, (_, i) => `…${extra - i}`) : [label]));
  const full = operands.map((labels, i) => filled(labels, covered[i]!));
  return { operands: full, output: filled(output, Math.max(...covered)), sizes: sizesOf(full, shapes, misfit) };
}

/** A letter has one size; what "..." covers broadcasts. */
function sizesOf(
  operands: readonly (readonly string[])[],
  shapes: readonly Shape[],
  misfit: Fail,
): Map<string, number> {
  const first = new Map<string, { size: number; operand: number }>();
  operands.forEach((labels, operand) =>
    labels.forEach((label, axis) => {
      const size = shapes[operand]![axis]!;
      const known = first.get(label);
      const open = label.startsWith("…");
      if (known === undefined || (open && known.size === 1)) first.set(label, { size, operand });
      else if (known.size !== size && !(open && size === 1)) {
        const earlier = known.operand === operand ? known.size : `${known.size} in operand ${known.operand}`;
        const sizes = `${earlier} and ${size} in operand ${operand}`;
        misfit(
          open
            ? `axis −${label.slice(1)} of those under "..." is ${sizes}; they must be equal, or one of them 1`
            : `the letter "${label}" is ${sizes}; a letter has one size, and only what "..." covers broadcasts`,
        );
      }
    }),
  );
  return new Map([...first].map(([label, { size }]) => [label, size]));
}
