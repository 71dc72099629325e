import { at, indices, plain, total, upTo, type Plain } from "./plain.ts";

/** Einstein's sum by its definition: for each cell of the output, over all values of all other letters. The equation must be valid. */
export function plainEinsum(equation: string, operands: readonly Plain[]): Plain {
  const [left, right] = equation.replaceAll(" ", "").split("->") as [string, string?];
  const inputs = left.split(",");
  const letters = [...left.replaceAll(/[.,]/g, "")];
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  // Capitals come first, as in the order of code points.
  const output = right ?? (left.includes(".") ? "..." : "") + once.sort((a, b) => (a < b ? -1 : 1)).join("");

  // Digits stand for the axes under "...": 0 for the last, 1 for the one before it.
  const spelled = (text: string, covered: number): string => text.replace("...", upTo(covered).reverse().join(""));
  const covered = inputs.map((text, i) => operands[i]!.shape.length - text.replace("...", "").length);
  const names = inputs.map((text, i) => spelled(text, covered[i]!));
  const free = spelled(output, Math.max(...covered));
  const sizes = new Map<string, number>();
  names.forEach((text, i) =>
    [...text].forEach((name, axis) => {
      const size = operands[i]!.shape[axis]!;
      if ((sizes.get(name) ?? 1) === 1) sizes.set(name, size);
    }),
  );
  const bound = [...sizes.keys()].filter((name) => !free.includes(name));
  const values = indices(bound.map((name) => sizes.get(name)!));
  return plain(
    [...free].map((name) => sizes.get(name)!),
    (cell) =>
      total(
        values.map((others) => {
          const value = (name: string): number =>
            free.includes(name) ? cell[free.indexOf(name)]! : others[bound.indexOf(name)]!;
          return operands.map((x, i) => at(x, [...names[i]!].map(value))).reduce((a, b) => a * b);
        }),
      ),
    operands[0]!.dtype,
  );
}
