import type { PoolingName } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { Config } from "../config/config.ts";

/** What sentence-transformers calls the poolings. */
const modes: Readonly<Record<string, PoolingName>> = { mean: "mean", cls: "first", max: "max", lasttoken: "last" };
/** What they were called before its version 6, each a flag of its own. */
const flags: Readonly<Record<string, PoolingName>> = {
  pooling_mode_cls_token: "first",
  pooling_mode_mean_tokens: "mean",
  pooling_mode_max_tokens: "max",
  pooling_mode_lasttoken: "last",
};

/** The pooling that 1_Pooling/config.json asks for, in either of its notations. Throws `CheckpointError` for one that Tenon does not do, and for several at once. */
export function poolingOf(config: Config): PoolingName {
  config.only("include_prompt", true);
  if (config.has("pooling_mode")) {
    const { pooling_mode: mode } = config.values;
    if (!Array.isArray(mode)) return config.choice("pooling_mode", modes);
    const [only] = mode;
    if (mode.length === 1 && typeof only === "string" && Object.hasOwn(modes, only)) return modes[only]!;
    throw config.problem("pooling_mode", `one of ${Object.keys(modes).join(", ")}`);
  }
  config.only("pooling_mode_mean_sqrt_len_tokens", false);
  config.only("pooling_mode_weightedmean_tokens", false);
  const chosen = Object.keys(flags).filter((flag) => config.flag(flag, false));
  if (chosen.length > 1) throw config.problem(chosen[1]!, `false beside "${chosen[0]}", since Tenon pools in one way`);
  return flags[chosen[0] ?? "pooling_mode_mean_tokens"]!;
}

/** 1_Pooling/config.json in the notation that every version reads. */
export const poolingConfig = (pooling: PoolingName, width: number): Readonly<Record<string, Json>> => ({
  word_embedding_dimension: width,
  ...Object.fromEntries(Object.entries(flags).map(([flag, name]) => [flag, name === pooling])),
  pooling_mode_mean_sqrt_len_tokens: false,
  pooling_mode_weightedmean_tokens: false,
  include_prompt: true,
});
