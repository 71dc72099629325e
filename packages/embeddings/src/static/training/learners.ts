import type { ClassifierPlan } from "../fasttext/training/classifier-learner.ts";
import type { GlovePlan } from "../glove/training/learner.ts";
import type { Word2VecPlan } from "../word2vec/learner.ts";
import type { MakeLearner } from "./learner.ts";

/** The learners by name, and the plan that each takes. To add one is to add a line here and a line below. */
export interface Plans {
  glove: GlovePlan;
  word2vec: Word2VecPlan;
  "fasttext-classifier": ClassifierPlan;
}
export type LearnerName = keyof Plans;

const learners: { readonly [N in LearnerName]: () => Promise<MakeLearner<Plans[N]>> } = {
  glove: async () => (await import("../glove/training/learner.ts")).gloveLearner,
  word2vec: async () => (await import("../word2vec/learner.ts")).word2vecLearner,
  "fasttext-classifier": async () => (await import("../fasttext/training/classifier-learner.ts")).classifierLearner,
};

/** Loads a learner: a worker gets only its name. */
export const loadLearner = (name: LearnerName): Promise<MakeLearner<unknown>> =>
  learners[name]() as Promise<MakeLearner<unknown>>; // who starts a run gives the plan that goes with the name
