/** Numbers as labels, one for every so many: others stay empty. */
export const every = (step: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => (i % step === 0 ? `${i}` : ""));

/** How wide a cell may be for so many columns, and how high for so many rows, in a drawing of this size. */
export const fitting = (
  columns: number,
  rows: number,
  width = 520,
  height = 420,
): { width: number; height: number } => ({
  width: Math.min(30, Math.max(1, Math.floor(width / columns))),
  height: Math.min(30, Math.max(2, Math.floor(height / rows))),
});
