import { ConfigError } from "@tenon/tensor";
import type { Wanted } from "../predict/predictor.ts";

/** Throws `ConfigError` where more than logits is wanted of something that is not one model. */
export function refuseStates(who: string, { states = 0, attention = false }: Wanted): void {
  if (states === 0 && !attention) return;
  throw new ConfigError(
    `${who} combines logits, and has no ${states === 0 ? "attention" : "hidden states"} of its own, which this way of decoding needs. Decode one of its models with it.`,
  );
}
