export type { BatchOptions } from "./batch/batch-options.ts";
export type { BatchStatistics } from "./batch/batch-statistics.ts";
export { bestOf, type BestOfOptions, type ScoredCompletion } from "./batch/best-of.ts";
export { collectBatch, type Completion } from "./batch/collect-batch.ts";
export { type BatchGeneration, type BatchToken, generateBatch } from "./batch/generate-batch.ts";

export type { BeamOptions, StopWhen } from "./beams/beam-options.ts";
export type { BeamHypothesis, BeamResult, BeamStatistics } from "./beams/beam-result.ts";
export type { BeamScore } from "./beams/beam-score.ts";
export { beamSearch } from "./beams/beam-search.ts";
export { gnmtScore, type GnmtScoreOptions } from "./beams/gnmt-score.ts";
export { lengthNormalised } from "./beams/length-normalised.ts";

export { ensemble, type EnsembleOptions, type Member } from "./combine/ensemble.ts";
export { guided, type GuidanceOptions } from "./combine/guided.ts";
export { type BayesRiskOptions, minimumBayesRisk, type RatedCandidate } from "./combine/minimum-bayes-risk.ts";
export { ngramOverlap } from "./combine/ngram-overlap.ts";

export { byteAutomaton, type ByteAutomaton } from "./constraints/byte-automaton.ts";
export { choices } from "./constraints/choices.ts";
export type { Constraint } from "./constraints/constraint.ts";
export { jsonSchema, type JsonSchemaOptions } from "./constraints/json-schema.ts";
export { phrases, type PhrasesOptions } from "./constraints/phrases.ts";
export { regex } from "./constraints/regex.ts";
export type { TokenPieces } from "./constraints/tokens/vocabulary.ts";

export type { GenerateOptions } from "./generate/generate-options.ts";
export { generate } from "./generate/generate.ts";
export type { Alternative, GeneratedToken } from "./generate/generated-token.ts";
export type { Generation } from "./generate/generation.ts";
export type { Decoding, Search, SearchRequest, Step } from "./generate/search.ts";
export type { GenerationStatistics, StopReason } from "./generate/statistics.ts";
export type { TokenDecoder } from "./generate/token-decoder.ts";

export {
  type Annealing,
  exponentialAnnealing,
  type ExponentialAnnealingOptions,
  linearAnnealing,
  type LinearAnnealingOptions,
} from "./gumbel/annealing.ts";
export { gumbelNoise } from "./gumbel/gumbel-noise.ts";
export { gumbelSoftmax, type GumbelSoftmaxOptions } from "./gumbel/gumbel-softmax.ts";
export { gumbelTopK } from "./gumbel/gumbel-top-k.ts";

export type { CausalModel, PaddedInput, Rewindable } from "./predict/causal-model.ts";
export { functionModel, type FunctionModelOptions } from "./predict/function-model.ts";
export { type ModelPredictor, predictor } from "./predict/model-predictor.ts";
export type { Decodable } from "./predict/open.ts";
export type { Prediction, Predictor, Wanted } from "./predict/predictor.ts";
export { type SlidingCache, slidingModel } from "./predict/sliding-model.ts";

export { contrastive, type ContrastiveOptions } from "./searches/contrastive.ts";
export { draftModel } from "./searches/draft-model.ts";
export type { Draft, Drafter } from "./searches/drafter.ts";
export { promptLookup, type PromptLookupOptions } from "./searches/prompt-lookup.ts";
export { speculative, type SpeculativeOptions } from "./searches/speculative.ts";

export { greedy } from "./strategies/greedy.ts";
export { gumbelMax } from "./strategies/gumbel-max.ts";
export { sample } from "./strategies/sample.ts";
export type { Strategy } from "./strategies/strategy.ts";

export { badWords } from "./transforms/bad-words.ts";
export type { SequenceBias } from "./transforms/biased.ts";
export { chain } from "./transforms/chain.ts";
export { epsilonCutoff } from "./transforms/epsilon-cutoff.ts";
export { etaCutoff } from "./transforms/eta-cutoff.ts";
export { exponentialDecayLength } from "./transforms/exponential-decay-length.ts";
export { forceAt } from "./transforms/force-at.ts";
export { forceFirst } from "./transforms/force-first.ts";
export { forceLast } from "./transforms/force-last.ts";
export { frequencyPenalty } from "./transforms/frequency-penalty.ts";
export type { GenerationConfig } from "./transforms/generation-config.ts";
export { logitBias } from "./transforms/logit-bias.ts";
export type { DecodingContext, LogitsTransform } from "./transforms/logits-transform.ts";
export { minP } from "./transforms/min-p.ts";
export { minTokens } from "./transforms/min-tokens.ts";
export { noRepeatNGram } from "./transforms/no-repeat-n-gram.ts";
export type { CountOptions, KeepOptions } from "./transforms/options.ts";
export { presencePenalty } from "./transforms/presence-penalty.ts";
export { renormalise } from "./transforms/renormalise.ts";
export { repetitionPenalty } from "./transforms/repetition-penalty.ts";
export { sequenceBias } from "./transforms/sequence-bias.ts";
export { suppressAtBeginning, type SuppressAtBeginningOptions } from "./transforms/suppress-at-beginning.ts";
export { suppress } from "./transforms/suppress.ts";
export { temperature } from "./transforms/temperature.ts";
export { topK } from "./transforms/top-k.ts";
export { topNSigma } from "./transforms/top-n-sigma.ts";
export { topP } from "./transforms/top-p.ts";
export { transformsOf } from "./transforms/transforms-of.ts";
export { typical } from "./transforms/typical.ts";
