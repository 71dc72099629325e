import type { CurveData } from "./curve.ts";

/** A piece of a sample, and whose it is. */
export interface SamplePiece {
  readonly text: string;
  readonly by: "prompt" | "model" | "note";
}

/** What the model made of a prompt at a step. */
export interface Sample {
  readonly step: number;
  readonly prompt: string;
  readonly pieces: readonly SamplePiece[];
  /** Why there is nothing, where there is nothing. */
  readonly problem?: string | undefined;
}

/** What is being done before the first step. */
export interface Preparing {
  readonly phase: "preparing";
  readonly name: string;
  /** "Learning byte pairs", say. */
  readonly what: string;
  /** From 0 to 1, where that is known. */
  readonly share?: number | undefined;
}

/** Where a run is. Paused, stopped and failed, it is saved, as far as there is storage. */
export type RunPhase = "training" | "paused" | "stopped" | "finished" | "failed";

/** All that a page shows of a run, as plain data. */
export interface RunState {
  readonly phase: RunPhase;
  /** What comes after the step that is under way, where that was asked for. */
  readonly next?: "pause" | "stop" | undefined;
  readonly name: string;
  readonly facts: RunFacts;
  readonly step: number;
  readonly steps: number;
  /** The loss of the last step, and over the steps about it. */
  readonly loss?: number | undefined;
  readonly heldOut?: { readonly step: number; readonly loss: number } | undefined;
  readonly gradientNorm?: number | undefined;
  readonly rate?: number | undefined;
  readonly tokensPerSecond?: number | undefined;
  readonly secondsLeft?: number | undefined;
  readonly curve: CurveData;
  readonly samples: readonly Sample[];
  /** Pieces of text in a step, now. */
  readonly batch: number;
  /** What the schedule's rate is multiplied by. */
  readonly scale: number;
  /** The step of the last checkpoint. */
  readonly savedAt?: number | undefined;
  /** Does what is saved outlive the page? */
  readonly lasting: boolean;
  /** Why not, or what could not be written. */
  readonly storageProblem?: string | undefined;
  /** What ended it, in words. */
  readonly error?: string | undefined;
}

/** What does not change while a run goes on. */
export interface RunFacts {
  readonly kind: string;
  readonly parameters: number;
  readonly vocabulary: number;
  readonly text: string;
  readonly tokens: number;
  /** Tokens in a piece of text. */
  readonly window: number;
  readonly backend: string;
  /** The model that it began with, where that was no new one. */
  readonly began?: string | undefined;
}

export type TrainerState = Preparing | RunState;

/** A run in storage. */
export interface SavedRun {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
  readonly step: number;
  readonly steps: number;
  readonly heldOut?: number | undefined;
  readonly finished: boolean;
  /** Does it outlive the page, and is it found by other places of it? */
  readonly lasting: boolean;
}
