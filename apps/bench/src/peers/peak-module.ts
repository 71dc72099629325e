// A module of one function, written byte by byte: `loop(rounds)` keeps a dozen sums in registers, each grown by products of two
// numbers, and does nothing else.

/** As many sums as registers hold beside the two factors, to hide how long an instruction takes. */
const sums = 12;
/** Each sum grows by a product so many times in a round, so that counting rounds costs nothing. */
const unrolled = 4;

/** Opcodes after the prefix 0xfd: f32x4.relaxed_madd, f32x4.splat. */
const relaxedMadd = [0xfd, 0x85, 0x02];
const splat = [0xfd, 0x13];
const f32 = (value: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];

export interface PeakModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Multiplications and additions of one round. */
  readonly operationsPerRound: number;
}

/** It multiplies and adds in one instruction, which an engine without relaxed SIMD refuses to compile. */
export function peakModule(): PeakModule {
  const rounds = 0;
  const [x, y] = [1, 2];
  const first = 3;
  const term = (sum: number): number[] => [...get(x), ...get(y), ...get(sum), ...relaxedMadd, ...set(sum)];
  const all = Array.from({ length: sums }, (_, i) => first + i);
  const body = [
    ...[1, 2 + sums, 0x7b], // one group of locals: v128
    ...[...f32(0.5), ...splat, ...set(x), ...f32(1), ...splat, ...set(y)],
    ...[0x03, 0x40], // loop
    ...Array.from({ length: unrolled }, () => all.flatMap(term)).flat(),
    ...[...get(rounds), 0x41, 1, 0x6b, 0x22, rounds, 0x0d, 0], // rounds − 1, kept; again unless 0
    0x0b,
    // The sums are stored, or there would be no need to compute them.
    ...all.flatMap((sum, i) => [0x41, 0, ...get(sum), 0xfd, 0x0b, 0, ...unsigned(16 * i)]),
    0x0b,
  ];
  const section = (id: number, content: number[]): number[] => [id, ...unsigned(content.length), ...content];
  const bytes = Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 0]), // (i32) → ()
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]), // one page of memory
    ...section(7, [1, 4, ...new TextEncoder().encode("loop"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  );
  return { bytes, operationsPerRound: unrolled * sums * 4 * 2 };
}

/** LEB128 */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
