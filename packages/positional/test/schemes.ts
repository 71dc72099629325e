import { random, type Random } from "@tenon/tensor";

import { AlibiPosition } from "../src/alibi-position.ts";
import type { AttentionPosition } from "../src/attention-position.ts";
import { RelativePosition } from "../src/relative-position.ts";
import { RotaryPosition, type RotaryPositionOptions } from "../src/rotary-position.ts";
import { dynamicNtkScaling } from "../src/rotary-scaling/dynamic-ntk-scaling.ts";
import { forLength } from "../src/rotary-scaling/for-length.ts";
import { linearScaling } from "../src/rotary-scaling/linear-scaling.ts";
import { llama3Scaling } from "../src/rotary-scaling/llama3-scaling.ts";
import { longRopeScaling } from "../src/rotary-scaling/long-rope-scaling.ts";
import { yarnScaling } from "../src/rotary-scaling/yarn-scaling.ts";
import { T5Bias } from "../src/t5-bias.ts";

/** The sizes of the heads that {@link schemes} are made for. */
export const heads = 3;
export const width = 8;

const wide = (random: Random) => () => (shape: readonly number[]) => {
  const stream = random.fork("wide");
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.normal());
};
const rotary = (options: Partial<RotaryPositionOptions>): RotaryPosition =>
  new RotaryPosition({ width, base: 50, ...options });

/** Rotary schemes whose angles depend on nothing but the position. */
export const rotaries: Readonly<Record<string, () => RotaryPosition>> = {
  rotary: () => rotary({}),
  "rotary, interleaved": () => rotary({ layout: "interleaved" }),
  "rotary, half of each head": () => rotary({ fraction: 0.5 }),
  "rotary, interleaved, half of each head": () => rotary({ fraction: 0.5, layout: "interleaved" }),
  "rotary, linear": () => rotary({ scaling: linearScaling(2) }),
  "rotary, dynamic NTK for a length": () =>
    rotary({ scaling: forLength(100, dynamicNtkScaling({ factor: 2, context: 4 })) }),
  "rotary, YaRN": () => rotary({ scaling: yarnScaling({ factor: 4, context: 40 }), layout: "interleaved" }),
  "rotary, Llama 3": () => rotary({ scaling: llama3Scaling({ factor: 8, context: 30 }) }),
  "rotary, LongRoPE for a length": () =>
    rotary({
      scaling: forLength(
        100,
        longRopeScaling({ context: 4, factor: 4, shortFactors: [1, 1, 1, 1], longFactors: [1, 2, 3, 4] }),
      ),
    }),
};

/** Every scheme that works inside attention, with parameters large enough to be seen. */
export const schemes: Readonly<Record<string, () => AttentionPosition>> = {
  ...rotaries,
  ALiBi: () => new AlibiPosition({ heads }),
  "T5, both ways": () => new T5Bias({ heads, buckets: 8, maxDistance: 6, random: random(1), initial: wide(random(2)) }),
  "T5, one way": () =>
    new T5Bias({
      heads,
      buckets: 5,
      maxDistance: 6,
      bidirectional: false,
      random: random(1),
      initial: wide(random(2)),
    }),
  "relative keys and values": () =>
    new RelativePosition({ width, clip: 3, random: random(1), initial: wide(random(2)) }),
  "relative keys": () =>
    new RelativePosition({ width, clip: 3, values: false, random: random(1), initial: wide(random(2)) }),
};
