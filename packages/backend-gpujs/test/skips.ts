/** What no mode passes, and why. */
export const everywhere: readonly { readonly reason: string; readonly tests: readonly string[] }[] = [
  {
    reason: "f32, the only numbers of gpu.js, hold whole numbers exactly below 2²⁴ alone",
    tests: ["storage/i32", "golden/topK", "golden/sort", "special/cast"],
  },
];
/** What no graphics device passes. */
export const onDevice: typeof everywhere = [
  ...everywhere,
  { reason: "graphics devices take numbers below 2⁻¹²⁶ for 0, and bf16 has some", tests: ["storage/bf16"] },
];
