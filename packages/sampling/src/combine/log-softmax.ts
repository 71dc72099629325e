import { checkLogits } from "../transforms/check-logits.ts";
import { logSumExp } from "../transforms/log-sum-exp.ts";

/** log softmax(z) [v] in float64. Throws `ConfigError` for logits that are no distribution; `source` begins the message. */
export function logSoftmax(logits: Float32Array, source: string): Float64Array {
  checkLogits(logits, source);
  const normaliser = logSumExp(logits);
  return Float64Array.from(logits, (logit) => logit - normaliser);
}
