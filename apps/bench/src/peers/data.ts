// The numbers that every side computes with. Each is a function of a name and a place, so that every process makes them for itself, in
// whatever order it needs them: nothing has to be stored or sent.

/** Uniform in [offset − amplitude, offset + amplitude), the same wherever it is computed. */
export interface Spread {
  readonly amplitude: number;
  readonly offset?: number;
}

/** The values of a tensor that has this name. */
export function values(name: string, length: number, { amplitude, offset = 0 }: Spread): Float32Array {
  const seed = seedOf(name);
  const data = new Float32Array(length);
  for (let i = 0; i < length; i++) data[i] = offset + amplitude * unit(seed, i);
  return data;
}

/** A matrix [rows, columns] turned: [columns, rows]. */
export function turned(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c]!;
  return result;
}

/** The ids of a batch of texts, each text different. */
export const tokens = (batch: number, length: number, vocabulary: number): Int32Array =>
  Int32Array.from({ length: batch * length }, (_, i) => (i * 7919 + 13) % vocabulary);

/** What one step of training reads, [batch, context], and the ids that come next. Eight steps have a text of their own, then they begin again. */
export function lesson(
  step: number,
  batch: number,
  context: number,
  vocabulary: number,
): readonly [Int32Array, Int32Array] {
  const text = values(`text.${step % 8}`, batch * (context + 1), { amplitude: 1 });
  const ids = (from: number): Int32Array =>
    Int32Array.from({ length: batch * context }, (_, i) => {
      const at = Math.floor(i / context) * (context + 1) + (i % context) + from;
      return Math.floor(((text[at]! + 1) / 2) * vocabulary);
    });
  return [ids(0), ids(1)];
}

/** How the values of a model's parameter are spread: by its path, and for a weight by its width, so that activations keep their size. */
export function spreadOf(path: string, shape: readonly number[]): Spread {
  if (path.endsWith("bias")) return { amplitude: 0.1 };
  if (/[Nn]orm\.weight$/.test(path)) return { amplitude: 0.2, offset: 1 };
  if (path.endsWith("table")) return { amplitude: 0.035 };
  return { amplitude: Math.sqrt(3 / shape[1]!) };
}

/** FNV-1a of the name's characters. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** One of 2²⁴ numbers in [−1, 1): the place, multiplied and mixed with the seed. */
function unit(seed: number, place: number): number {
  let x = Math.imul(place, 0x9e3779b1) ^ seed;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 8) * 2 ** -23 - 1;
}
