import { BackendError, sizeOf, type Shape } from "@tenon/tensor";

// A kernel of gpu.js counts at most three axes, and reads arrays of at most three. Here tensors of any number of axes are seen so.

/** How the elements of a result are counted, and where in each operand the element for each of them lies. */
export interface Places {
  /** One to three sizes. */
  readonly out: readonly number[];
  /** Statements before anything else, where more than three axes are left. */
  readonly before: string;
  readonly operands: readonly {
    readonly shape: readonly number[];
    /** `[i][j]`, to be written after the operand's name. */
    readonly at: string;
  }[];
}

/** A step of an operand along an axis of the result: the place of that axis among the operand's own; undefined where it has only one element. */
type Axis = number | undefined;

/** With more places than that, dividing floats no longer finds every one. */
const mostDivided = 2 ** 21;

/**
 * Where an operand's axis `axes[i][a]` follows axis a of the result. Axes that all operands treat alike become one, so that usually three or
 * fewer are left; else the first ones are told apart by division.
 */
function placesOf(out: Shape, operands: readonly { readonly shape: Shape; readonly axes: readonly Axis[] }[]): Places {
  // Neighbours that stay neighbours in each operand, or are missing in it together, are merged.
  const groups: number[][] = [];
  for (let a = 0; a < out.length; a++) {
    if (out[a] === 1) continue;
    const last = groups.at(-1);
    const joins =
      last !== undefined &&
      operands.every(({ shape, axes }) => {
        const [one, next] = [axes[last.at(-1)!], axes[a]];
        if (one === undefined || next === undefined) return one === next;
        return next > one && shape.slice(one + 1, next).every((size) => size === 1);
      });
    if (joins) last.push(a);
    else groups.push([a]);
  }
  const sizes = groups.map((group) => sizeOf(group.map((a) => out[a]!)));
  const names = ["X", "Y", "Z"].slice(0, Math.max(1, Math.min(3, sizes.length))).toReversed();
  const coordinates = names.slice(names.length - Math.min(sizes.length, names.length));
  let before = "";
  let counted = sizes;
  if (sizes.length > 3) {
    const leading = sizes.slice(0, -2);
    const all = sizeOf(leading);
    if (all > mostDivided)
      throw new BackendError(
        `gpujs: a result of shape [${out.join(", ")}] has ${all} places in its leading axes, more than ${mostDivided} that kernels tell apart; reshape it to fewer axes`,
      );
    const found = leading.map((_, i) => `c${i}`);
    before = "let rest = Z;\n";
    leading.forEach((_, i) => {
      const inner = sizeOf(leading.slice(i + 1));
      before += `const c${i} = Math.floor((rest + 0.5) / ${inner});\nrest = rest - c${i} * ${inner};\n`;
    });
    coordinates.splice(0, 1, ...found);
    counted = [all, ...sizes.slice(-2)];
  }
  return {
    out: counted.length === 0 ? [1] : counted,
    before,
    operands: operands.map(({ axes }) => {
      // The operand's own axes, in its order, each with the coordinate that it follows.
      const own = groups
        .map((group, g) => ({ axis: axes[group[0]!], size: sizes[g]!, name: coordinates[g]! }))
        .filter(({ axis }) => axis !== undefined)
        .toSorted((a, b) => a.axis! - b.axis!);
      const lead = own.slice(0, Math.max(0, own.length - 2));
      const rest = own.slice(lead.length);
      if (own.length === 0) return { shape: [1], at: "[0]" };
      if (lead.length === 0)
        return { shape: rest.map(({ size }) => size), at: rest.map(({ name }) => `[${name}]`).join("") };
      const index = lead.reduce((sum, { size, name }) => (sum === "" ? name : `(${sum}) * ${size} + ${name}`), "");
      return {
        shape: [sizeOf(lead.map(({ size }) => size)), ...rest.map(({ size }) => size)],
        at: `[${index}]${rest.map(({ name }) => `[${name}]`).join("")}`,
      };
    }),
  };
}

/** Operands that broadcast to a shape. */
export const broadcastPlaces = (out: Shape, shapes: readonly Shape[]): Places =>
  placesOf(
    out,
    shapes.map((shape) => {
      const missing = out.length - shape.length;
      return { shape, axes: out.map((_, a) => (a < missing || shape[a - missing] === 1 ? undefined : a - missing)) };
    }),
  );

/** An operand with its axes in another order: axis a of the result is axis `order[a]` of the operand. */
export const permutedPlaces = (shape: Shape, order: readonly number[]): Places =>
  placesOf(
    order.map((axis) => shape[axis]!),
    [{ shape, axes: order }],
  );
