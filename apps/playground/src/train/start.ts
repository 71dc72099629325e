import type { Spec } from "@tenon/models";

import type { ModelSource } from "../engine/model-source.ts";
import { currentSpec } from "../model/current-spec.ts";
import { openedModel, openedSource } from "../model/session.ts";
import { draft, type StartChoice } from "./draft.ts";
import { keptRuns } from "./training.ts";

/** Where the weights come from that a run begins with; undefined for random ones. */
export function sourceOf(start: StartChoice): ModelSource | undefined {
  if (start === "assembled") return undefined;
  if (start === "open") return openedSource.value;
  if (start === "story-decoder" || start === "story-encoder") return { kind: "shipped", name: start };
  return { kind: "saved", run: runOf(start) };
}

/** Why the model that is open cannot be trained further, where it cannot: a sentence. */
export function whyNotOpen(): string | undefined {
  const [model, source] = [openedModel.value, openedSource.value];
  if (model === undefined || source === undefined) return "none is open. Open one in Run.";
  if (source.kind === "untrained") return "the model that is open has not learned anything.";
  if (model.tokenizer === undefined) return "the model that is open came without a tokenizer.";
  return model.spec.kind === "image-encoder" ? "a model of images does not learn from a text." : undefined;
}

/** Which kind of model is to be trained. */
export function kindOf(start: StartChoice): Spec["kind"] {
  if (start === "assembled") return currentSpec.spec.value.kind;
  if (start === "open") return openedModel.value?.spec.kind ?? "decoder";
  if (start === "story-decoder" || start === "story-encoder") return start === "story-decoder" ? "decoder" : "encoder";
  return (keptRuns.value.find(({ name }) => name === runOf(start))?.kind ?? "decoder") as Spec["kind"];
}

/** The most tokens of a piece of text; undefined where that is not known before the model is opened, or has no end. */
export function contextOf(start: StartChoice): number | undefined {
  if (start === "assembled") return contextIn(currentSpec.spec.value);
  return start === "open" && openedModel.value !== undefined ? contextIn(openedModel.value.spec) : undefined;
}

/** The most tokens that a model of this spec takes at a time, on both sides where it has two. */
export function contextIn(spec: Spec): number | undefined {
  if ("context" in spec) return spec.context;
  return "encoder" in spec ? Math.min(spec.encoder.context, spec.decoder.context) : undefined;
}

/** Is there a token that could stand between documents? Of a model that is opened later, that is seen then. */
export function canTellDocuments(): boolean {
  const { start, tokenizer } = draft.value;
  return kindOf(start) === "decoder" && (start !== "assembled" || tokenizer === "byte-pairs");
}

const runOf = (start: string): string => start.slice("saved:".length);
