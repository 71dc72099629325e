// What the numbers should be: the same models in double precision, in plain loops.
import { cpu } from "@tenon/tensor";

import type { Prepare, Prepared } from "./prepared.ts";
import { tenonTraining } from "./tenon-training.ts";
import { decoderOn, decoding, encoderOn, encoding } from "./tenon.ts";

export const prepare: Prepare = async (workload) => {
  const on = cpu({ precision: "f64" });
  if (workload.kind === "encoder") return once(encoding(await encoderOn(workload, on), workload));
  if (workload.kind === "decoder") return once(decoding(await decoderOn(workload, on), workload));
  if (workload.kind === "training") return once(tenonTraining(await decoderOn(workload, on), workload));
  throw new Error("the reference for a product is computed where it is compared");
};

/** It is slow and not measured: one call is enough. */
function once(prepared: Prepared): Prepared {
  return {
    ...prepared,
    output: async () => Float32Array.from(await prepared.output()),
    turn: async () => {
      prepared.before?.();
      await prepared.call();
      return [0];
    },
  };
}
