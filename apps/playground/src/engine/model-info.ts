import type { Spec } from "@tenon/models";

import type { BackendId } from "../backends/backend-id.ts";

/** What the page knows of the model that is open. */
export interface ModelInfo {
  /** What it is called: a file's or a run's name. */
  readonly name: string;
  /** Where it comes from, and what it was trained on: one sentence. */
  readonly about: string;
  readonly spec: Spec;
  readonly parameters: number;
  /** What the parameters take, in bytes. */
  readonly bytes: number;
  /** What cuts texts into tokens; undefined where nothing came with the model that could. */
  readonly tokenizer: { readonly kind: string; readonly size: number; readonly mask: string | undefined } | undefined;
  /** Has it a template for conversations? */
  readonly chats: boolean;
  /** How many continuations its authors follow in a search, where they say it. */
  readonly beams: number | undefined;
  /** Has it learned anything? */
  readonly trained: boolean;
}

/** What computes now. */
export interface BackendInfo {
  readonly id: BackendId;
  /** What the backend says of itself: its threads, and why there is only one. */
  readonly name: string;
}

/** A model that was opened, and what computes it. */
export interface Opened {
  readonly info: ModelInfo;
  readonly backend: BackendInfo;
}

/** How far the opening of a model is: parameters in their place, of all. */
export interface OpenProgress {
  readonly done: number;
  readonly of: number;
}
