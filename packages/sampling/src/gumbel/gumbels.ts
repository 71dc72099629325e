import { ConfigError, type Random } from "@tenon/tensor";

/** Throws `ConfigError` for what is no generator; `who` is the call as it should be, such as "gumbelMax(random)". */
export function checkRandom(random: Random, who: string): void {
  if (typeof random?.fork === "function" && typeof random.uniform === "function") return;
  throw new ConfigError(`${who} needs a generator such as random(7), got ${typeof random}`);
}

/**
 * The scores zᵢ + gᵢ in float64 with gᵢ = −log(−log uᵢ) from the standard Gumbel distribution, for choosing by their order; `-Infinity`
 * stays. Advances the generator by two numbers for each logit, excluded or not, so that gᵢ depends on i alone and not on what a transform
 * did to other tokens.
 *
 * uᵢ is the middle of one of 2⁴⁸ equal cells: never 0 or 1, and exact, so that g ends only at −3.5 and 34, which a draw of 24 bits would
 * do at −2.8 and 17.
 */
export function perturbed(logits: Float32Array, random: Random): Float64Array {
  const scores = new Float64Array(logits.length);
  for (let id = 0; id < logits.length; id++) {
    const u = random.uniform() + random.uniform() * 2 ** -24 + 2 ** -49;
    scores[id] = logits[id]! - Math.log(-Math.log(u));
  }
  return scores;
}
