// What a core can do: a loop of 128-bit multiplications and additions that never leaves the registers.
import { peakModule } from "../peak-module.ts";
import { NotHere, type Prepare } from "./prepared.ts";

const rounds = 1 << 20;

export const prepare: Prepare = async () => {
  const { bytes, operationsPerRound } = peakModule();
  if (!WebAssembly.validate(bytes)) throw new NotHere("this engine has no relaxed SIMD");
  const { instance } = await WebAssembly.instantiate(bytes);
  const loop = instance.exports["loop"] as (rounds: number) => void;
  return {
    call: () => loop(rounds),
    // Not compared with anything: it computes nothing.
    output: () => new Float32Array(),
    operations: rounds * operationsPerRound,
  };
};
