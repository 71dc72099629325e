/** How gpu.js is to count a result: its sizes, the last axis first, and what it calls each axis. */
export interface Output {
  readonly sizes: readonly number[];
  readonly axes: { readonly X: "x" | "y"; readonly Y: "y" | "z"; readonly Z: "z" | "x" };
}
const usualAxes: Output["axes"] = { X: "x", Y: "y", Z: "z" };

/** gpu.js makes a texture of width × height for a result of two axes, and a square for one or three. This has two counted as three. */
export function squareOutput(out: readonly number[]): Output {
  const used = out.slice(
    Math.max(
      0,
      out.findIndex((size) => size !== 1),
    ),
  );
  const sizes = used.toReversed();
  return sizes.length === 2
    ? { sizes: [1, ...sizes], axes: { X: "y", Y: "z", Z: "x" } }
    : { sizes: sizes.length === 0 ? [1] : sizes, axes: usualAxes };
}

/** As the kernel's shape has it. */
export const usualOutput = (out: readonly number[]): Output => ({ sizes: out.toReversed(), axes: usualAxes });
