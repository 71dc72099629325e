import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { proxy } from "comlink";

import type {
  AlternativeToken,
  Beginning,
  GenerationEnd,
  GenerationEvent,
  ShownToken,
} from "../../engine/text/generated.ts";
import type { ModelInfo } from "../../engine/model-info.ts";
import { draws, mostBeams, type SamplingSettings, usualSettings } from "../../engine/text/sampling-settings.ts";
import { engine } from "../../model/session.ts";
import { attempt } from "../../problems/problem.ts";
import { abilitiesOf } from "../abilities.ts";

/** A text that was written, or is being written. */
export interface Written {
  /** The text that it goes on from, or that an encoder–decoder has read. */
  readonly prompt: string;
  /** The ids of that, as the model has them. */
  readonly promptIds: readonly number[];
  readonly tokens: readonly ShownToken[];
  readonly end: GenerationEnd | undefined;
}

export const prompt: Signal<string> = signal("One dark night, Mia the fox");
export const isChat: Signal<boolean> = signal(false);
export const settings: Signal<SamplingSettings> = signal(usualSettings);
export const maxTokens: Signal<number> = signal(200);
/** The token whose distribution is looked at, by its place; undefined for the one that would come next. */
export const selected: Signal<number | undefined> = signal(undefined);

const text = signal<Written | undefined>(undefined);
const busy = signal(false);
/** What was written last. */
export const written: ReadonlySignal<Written | undefined> = text;
/** Is something being written? */
export const isWriting: ReadonlySignal<boolean> = busy;

/** What suits a model: what is written for another text, a translation, is looked for and not drawn. */
export function usualFor(model: ModelInfo): SamplingSettings {
  if (!abilitiesOf(model).translates) return usualSettings;
  return { ...usualSettings, strategy: "beam-search", beams: Math.min(model.beams ?? usualSettings.beams, mostBeams) };
}

/** Sets the controls to what suits a model that was opened, where the one before was of another sort. */
export function suit(model: ModelInfo): void {
  const { translates } = abilitiesOf(model);
  if (translates !== suited) settings.value = usualFor(model);
  suited = translates;
}
let suited = false;

let latest = 0;

/** Writes a text that goes on from the prompt. */
export function write(): Promise<void> {
  const from = { kind: isChat.value ? "chat" : "text", text: prompt.value } as const;
  return run(from, { prompt: prompt.value, promptIds: [], tokens: [], end: undefined });
}

/** Goes on from a place of the text with another token there. */
export function goOnWith(place: number, { id, text: piece, name, probability }: AlternativeToken): Promise<void> {
  const { tokens } = text.value!;
  const { alternatives } = tokens[place]!;
  return goOnFrom([...tokens.slice(0, place), { id, text: piece, name, probability, alternatives }]);
}

/** Goes on behind a token, or behind the last. */
export function goOnBehind(place: number): Promise<void> {
  return goOnFrom(text.value!.tokens.slice(0, place + 1));
}

/** Writes again from a token on, with the next seed where chance plays a part. */
export function writeAgainFrom(place: number): Promise<void> {
  if (draws(settings.value)) settings.value = { ...settings.value, seed: settings.value.seed + 1 };
  return goOnFrom(text.value!.tokens.slice(0, place));
}

function goOnFrom(tokens: readonly ShownToken[]): Promise<void> {
  const { promptIds, ...before } = text.value!;
  const ids = [...promptIds, ...tokens.map(({ id }) => id)];
  return run({ kind: "ids", ids }, { ...before, promptIds, tokens, end: undefined });
}

/** Stops what is being written; what there is stays. */
export function stop(): void {
  void engine().running.stop();
}

/** Forgets the text: it is another model's. */
export function forget(): void {
  latest++;
  batch(() => {
    text.value = undefined;
    selected.value = undefined;
    busy.value = false;
  });
}

/** Reads the prompt, so that the distribution of what follows it can be looked at. */
export async function readPrompt(): Promise<void> {
  const mine = ++latest;
  const from = { kind: isChat.value ? "chat" : "text", text: prompt.value } as const;
  const ids = await attempt("The prompt could not be read", () => engine().generation.begin(from));
  if (ids === undefined || mine !== latest) return;
  batch(() => {
    text.value = { prompt: prompt.value, promptIds: ids, tokens: [], end: undefined };
    selected.value = undefined;
  });
}

async function run(from: Beginning, beginning: Written): Promise<void> {
  const mine = ++latest;
  if (busy.value) stop();
  batch(() => {
    busy.value = true;
    text.value = beginning;
    selected.value = undefined;
  });
  const told = (event: GenerationEvent): void => {
    const now = text.value;
    if (mine !== latest || now === undefined) return;
    text.value =
      event.kind === "tokens"
        ? { ...now, tokens: [...now.tokens, ...event.tokens] }
        : from.kind === "ids"
          ? now
          : { ...now, promptIds: event.ids };
  };
  const request = { from, settings: settings.value, maxTokens: maxTokens.value };
  const end = await attempt("The text could not be written", () => engine().generation.start(request, proxy(told)));
  if (mine !== latest) return;
  batch(() => {
    busy.value = false;
    const now = text.value;
    // What went wrong before the first token has left nothing to look at.
    if (now !== undefined) text.value = end === undefined && now.tokens.length === 0 ? undefined : { ...now, end };
  });
}
