export { browserCheckpoints } from "./browser/browser-checkpoints.ts";
export type { CheckpointFiles } from "./checkpoints/checkpoint-files.ts";
export { Checkpoints, type CheckpointsOptions } from "./checkpoints/checkpoints.ts";
export { checkpointsInMemory } from "./checkpoints/checkpoints-in-memory.ts";
export type { PassedOver, SavedCheckpoint } from "./checkpoints/saved-checkpoint.ts";
export type { Stateful, Trained } from "./checkpoints/stateful.ts";
export type { Batch, Batches, LabelledBatch, PairBatch, Sequences, TranslationBatch } from "./data/batch.ts";
export { bucketedBatches, type BucketedBatchesOptions, type BucketOptions } from "./data/bucketed-batches.ts";
export { causalBatches, type CausalBatchesOptions } from "./data/causal-batches.ts";
export { continuesWord, type PieceTokenizer } from "./data/continues-word.ts";
export { documentBatches } from "./data/document-batches.ts";
export type { DocumentBatchesOptions } from "./data/document-rows.ts";
export type { EncodedText } from "./data/encoded-text.ts";
export type { EpochBatches } from "./data/epoch-batches.ts";
export { labelledBatches, type LabelledBatchesOptions, type LabelledText } from "./data/labelled-batches.ts";
export { maskedBatches, type MaskedBatchesOptions } from "./data/masked-batches.ts";
export type { Masking } from "./data/masking.ts";
export { packedBatches } from "./data/packed-batches.ts";
export { pairBatches, type PairBatchesOptions, type TextPair } from "./data/pair-batches.ts";
export {
  preTrainingBatches,
  type PreTrainingBatch,
  type PreTrainingBatchesOptions,
} from "./data/pre-training-batches.ts";
export { spanCorruptionBatches, type SpanCorruptionBatchesOptions } from "./data/span-corruption-batches.ts";
export { split, type Split } from "./data/split.ts";
export { taggedBatches, type TaggedBatchesOptions, type TaggedText } from "./data/tagged-batches.ts";
export {
  translationBatches,
  type TranslationBatches,
  type TranslationBatchesOptions,
  type TranslationPair,
} from "./data/translation-batches.ts";
export type { WindowOptions } from "./data/windows.ts";
export { diagnose } from "./diagnosis/diagnose.ts";
export type { Diagnosis } from "./diagnosis/diagnosis.ts";
export { DivergenceWatch, type DivergenceOptions, type DivergenceState } from "./diagnosis/divergence-watch.ts";
export type { Numbers } from "./diagnosis/numbers-in.ts";
export { evaluate, type EvaluateOptions } from "./evaluate.ts";
export { fit } from "./fit/fit.ts";
export type {
  EarlyStopping,
  Evaluated,
  FitCallbacks,
  FitOptions,
  Metric,
  ParameterAverage,
  Saving,
} from "./fit/fit-options.ts";
export type { FitProgress, FitRecord, FitReport } from "./fit/fit-report.ts";
export { TrainingControl } from "./fit/training-control.ts";
export { accuracy, sequenceAccuracy } from "./metrics/accuracy.ts";
export { bleu, type BleuOptions, sentenceBleu } from "./metrics/bleu.ts";
export { type BleuParts, BleuScore } from "./metrics/bleu-score.ts";
export type { BleuSmoothing } from "./metrics/bleu-smoothing.ts";
export type { BleuTokenizer } from "./metrics/bleu-tokenizers.ts";
export { chrf, type ChrfOptions, sentenceChrf } from "./metrics/chrf.ts";
export { type ChrfParts, ChrfScore } from "./metrics/chrf-score.ts";
export { type ClassOptions, confusion } from "./metrics/confusion.ts";
export { pearson, spearman } from "./metrics/correlation.ts";
export { exactMatch, type ExactMatchOptions } from "./metrics/exact-match.ts";
export { f1, type F1Score } from "./metrics/f1.ts";
export { matthews } from "./metrics/matthews.ts";
export { perplexity } from "./metrics/perplexity.ts";
export type { References } from "./metrics/references.ts";
export type { ScoreOptions } from "./metrics/scored.ts";
export { causalLoss } from "./objectives/causal-loss.ts";
export type { ClassificationLossOptions } from "./objectives/class-scores.ts";
export { classificationLoss, tokenClassificationLoss } from "./objectives/classification-loss.ts";
export { contrastiveLoss, type ContrastiveLossOptions } from "./objectives/contrastive-loss.ts";
export { distillationLoss, type DistillationLossOptions } from "./objectives/distillation-loss.ts";
export { hiddenDistance, type HiddenDistance, type HiddenDistanceOptions } from "./objectives/hidden-distance.ts";
export type { LanguageModel, LanguageModelInput } from "./objectives/language-model.ts";
export { maskedLoss } from "./objectives/masked-loss.ts";
export type { Objective } from "./objectives/objective.ts";
export { preTrainingLoss, type PreTrainingModel } from "./objectives/pre-training-loss.ts";
export { regressionLoss } from "./objectives/regression-loss.ts";
export type { SequenceModel } from "./objectives/sequence-model.ts";
export { tokenLoss } from "./objectives/token-loss.ts";
export type { TokenLossOptions } from "./objectives/token-scores.ts";
export { translationLoss } from "./objectives/translation-loss.ts";
export type { Translator } from "./objectives/translator.ts";
export { withSideLosses, type SideLossesOptions } from "./objectives/with-side-losses.ts";
export { Adafactor, type AdafactorOptions } from "./optimisers/adafactor.ts";
export { Adam, type AdamOptions } from "./optimisers/adam.ts";
export { AdamW, type AdamWOptions } from "./optimisers/adamw.ts";
export { clipByGlobalNorm, type Clipped, globalNorm } from "./optimisers/clip.ts";
export { Lion, type LionOptions } from "./optimisers/lion.ts";
export { masterWeights } from "./optimisers/master-weights.ts";
export { MovingAverage, type MovingAverageOptions } from "./optimisers/moving-average.ts";
export { Muon, type MuonOptions } from "./optimisers/muon.ts";
export {
  namedOptimiser,
  type NamedOptimiserOptions,
  type OptimiserName,
  optimiserNames,
} from "./optimisers/named-optimiser.ts";
export type { Gradients, HostArray, Optimiser, OptimiserState } from "./optimisers/optimiser.ts";
export type { ParameterGroup } from "./optimisers/parameter-group.ts";
export { RuleOptimiser } from "./optimisers/rule-optimiser.ts";
export { Sgd, type SgdOptions } from "./optimisers/sgd.ts";
export type { RuleStep, UpdateRule } from "./optimisers/update-rule.ts";
export { lossChart, type LossChartOptions } from "./report/chart/loss-chart.ts";
export type { LossLine } from "./report/chart/loss-series.ts";
export { terminalLossChart, type TerminalLossChartOptions } from "./report/chart/terminal-loss-chart.ts";
export { parseMetrics, upToStep } from "./report/metrics-file.ts";
export { formatMetrics, type MetricsLine } from "./report/metrics-line.ts";
export { eventFileStart, eventRecord, type ScalarEvent } from "./report/tensorboard.ts";
export { constant } from "./schedules/constant.ts";
export {
  namedSchedule,
  type NamedScheduleOptions,
  type ScheduleName,
  scheduleNames,
} from "./schedules/named-schedule.ts";
export { noam, type NoamOptions } from "./schedules/noam.ts";
export type { Schedule } from "./schedules/schedule.ts";
export type { WarmUpOptions } from "./schedules/warm-up.ts";
export { warmUpCosine } from "./schedules/warm-up-cosine.ts";
export { type InverseSquareRootOptions, warmUpInverseSquareRoot } from "./schedules/warm-up-inverse-square-root.ts";
export { warmUpLinear } from "./schedules/warm-up-linear.ts";
export { type PolynomialOptions, warmUpPolynomial } from "./schedules/warm-up-polynomial.ts";
export { type StableDecayOptions, warmUpStableDecay } from "./schedules/warm-up-stable-decay.ts";
export { train } from "./train.ts";
export type { Evaluation, TrainOptions } from "./train-options.ts";
export type { TrainingStep } from "./training-step.ts";
