import { float16ToFloat32 } from "@tenon/tensor";

/** What blocks of a quantised type hold: element i stands for levels[i] · scales[g] − minima[g], with g = ⌊i / group⌋. */
export interface Blocks {
  readonly levels: Int8Array;
  readonly scales: Float32Array;
  /** Of a type that has none: empty. */
  readonly minima: Float32Array;
}

/** How a quantised type is laid out. */
export interface BlockFormat {
  /** How many neighbours share a scale; it divides a block. */
  readonly group: number;
  /** How many bits hold a level exactly, of 4 and 8. */
  readonly bits: 4 | 8;
  /** The level that stands in the middle: what is to be taken off so that all of them fit signed bits. */
  readonly middle: number;
  readonly hasMinima: boolean;
  /** Fills the arrays of `into` from whole blocks. */
  unpack(bytes: Uint8Array, into: Blocks): void;
}

let everyFloat16: Float32Array | undefined;
/** The f16 at a byte, as an f32 exactly. From a table, for there is one in every few bytes. */
function float16At(bytes: Uint8Array, at: number): number {
  everyFloat16 ??= float16ToFloat32(Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits));
  return everyFloat16[bytes[at]! | (bytes[at + 1]! << 8)]!;
}
const signed = (byte: number): number => (byte << 24) >> 24;

/** 32 elements: d f16, 32 levels of 8 bits. */
const q8_0: BlockFormat = {
  group: 32,
  bits: 8,
  middle: 0,
  hasMinima: false,
  unpack(bytes, { levels, scales }) {
    for (let block = 0; block < scales.length; block++) {
      const at = block * 34;
      scales[block] = float16At(bytes, at);
      for (let i = 0; i < 32; i++) levels[block * 32 + i] = signed(bytes[at + 2 + i]!);
    }
  },
};

/** 32 elements: d f16, 16 bytes that hold the first sixteen levels in their low halves and the others in their high halves, each plus 8. */
const q4_0: BlockFormat = {
  group: 32,
  bits: 4,
  middle: 0,
  hasMinima: false,
  unpack(bytes, { levels, scales }) {
    for (let block = 0; block < scales.length; block++) {
      const at = block * 18;
      scales[block] = float16At(bytes, at);
      for (let i = 0; i < 16; i++) {
        const pair = bytes[at + 2 + i]!;
        levels[block * 32 + i] = (pair & 15) - 8;
        levels[block * 32 + 16 + i] = (pair >> 4) - 8;
      }
    }
  },
};

/**
 * 256 elements in 8 groups: d and dmin f16, a scale and a minimum of 6 bits for each group in 12 bytes, and 128 bytes of levels 0 … 15; 32 of
 * these bytes hold a group in their low halves and the next in their high halves.
 */
const q4_k: BlockFormat = {
  group: 32,
  bits: 4,
  middle: 8,
  hasMinima: true,
  unpack(bytes, { levels, scales, minima }) {
    for (let block = 0; block * 8 < scales.length; block++) {
      const at = block * 144;
      const [d, dmin] = [float16At(bytes, at), float16At(bytes, at + 2)];
      for (let group = 0; group < 8; group++) {
        const [scale, minimum] = scaleAndMinimum(bytes, at + 4, group);
        scales[block * 8 + group] = d * scale;
        minima[block * 8 + group] = dmin * minimum;
        const from = at + 16 + (group >> 1) * 32;
        const shift = (group % 2) * 4;
        for (let i = 0; i < 32; i++) levels[block * 256 + group * 32 + i] = (bytes[from + i]! >> shift) & 15;
      }
    }
  },
};

/** Groups 0 to 3 have 6 bits in a byte; groups 4 to 7 have four bits in the last bytes, and their upper two in what those left free. */
function scaleAndMinimum(bytes: Uint8Array, at: number, group: number): [scale: number, minimum: number] {
  if (group < 4) return [bytes[at + group]! & 63, bytes[at + 4 + group]! & 63];
  const low = bytes[at + 4 + group]!;
  return [(low & 15) | ((bytes[at + group - 4]! >> 2) & 48), (low >> 4) | ((bytes[at + group]! >> 2) & 48)];
}

/**
 * 256 elements in 16 groups: the lower 4 bits of the levels in 128 bytes, the upper 2 in 64, a signed scale of 8 bits for each group, d f16. Each
 * level is stored plus 32. Half a block is four runs of 32: two in the low halves of its 64 bytes, two in the high halves.
 */
const q6_k: BlockFormat = {
  group: 16,
  bits: 8,
  middle: 0,
  hasMinima: false,
  unpack(bytes, { levels, scales }) {
    for (let block = 0; block * 16 < scales.length; block++) {
      const at = block * 210;
      const d = float16At(bytes, at + 208);
      for (let group = 0; group < 16; group++) scales[block * 16 + group] = d * signed(bytes[at + 192 + group]!);
      for (let run = 0; run < 8; run++) {
        const [side, quarter] = [run >> 2, run & 3];
        const low = at + side * 64 + (quarter & 1) * 32;
        const high = at + 128 + side * 32;
        for (let i = 0; i < 32; i++) {
          const lower = (bytes[low + i]! >> ((quarter >> 1) * 4)) & 15;
          const upper = (bytes[high + i]! >> (quarter * 2)) & 3;
          levels[block * 256 + run * 32 + i] = (lower | (upper << 4)) - 32;
        }
      }
    }
  },
};

/** The quantised types that Tenon reads, by name. */
export const blockFormats: ReadonlyMap<string, BlockFormat> = new Map([
  ["Q8_0", q8_0],
  ["Q4_0", q4_0],
  ["Q4_K", q4_k],
  ["Q6_K", q6_k],
]);

/** Arrays for `count` elements. */
export function emptyBlocks({ group, hasMinima }: BlockFormat, count: number): Blocks {
  const groups = count / group;
  return {
    levels: new Int8Array(count),
    scales: new Float32Array(groups),
    minima: new Float32Array(hasMinima ? groups : 0),
  };
}

/** level · scale (− minimum), rounded to f32 after the product and after the difference, as ggml does. */
export function dequantizeBlocks({ group }: BlockFormat, blocks: Blocks, values: Float32Array): void {
  const { levels, scales, minima } = blocks;
  for (let i = 0; i < levels.length; i++) {
    const g = Math.floor(i / group);
    values[i] = levels[i]! * scales[g]!;
    if (minima.length > 0) values[i] = values[i]! - minima[g]!;
  }
}

/** Levels that fit 4 bits once the middle is taken off, two to a byte in the order of `q4`: the first in the low half, each plus 8. */
export function packLevels({ middle }: BlockFormat, { levels }: Blocks, packed: Uint8Array): void {
  for (let i = 0; i < packed.length; i++) {
    const [low, high] = [levels[2 * i]! - middle + 8, levels[2 * i + 1]! - middle + 8];
    packed[i] = low | (high << 4);
  }
}
