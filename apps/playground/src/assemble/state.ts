import { effect, type ReadonlySignal, signal, type Signal } from "@preact/signals";
import type { Spec } from "@tenon/models";

import type { Checked, Choices } from "../architect/checks.ts";
import type { Cost } from "../architect/costs.ts";
import type { Preset } from "../architect/preset.ts";
import { currentSpec } from "../model/current-spec.ts";
import { attempt, report } from "../problems/problem.ts";
import type { Form } from "../spec/form.ts";
import { architect, isRefusal } from "./architect.ts";
import { Latest } from "./latest.ts";

/** Of what costs are counted: how many texts at once, and how long they are; no length is as long as the model can see. */
export interface AskedSizes {
  readonly batch: number;
  readonly length: number | undefined;
}

/** What was drawn: a picture, or none, for models of which Tenon has none. */
export type Drawn = { readonly svg: string } | { readonly refused: true };

const form = signal<Form | undefined>(undefined);
const presets = signal<readonly Preset[]>([]);
const checked = signal<Checked | undefined>(undefined);
const choices = signal<Choices>({ impossible: {}, fitting: {} });
const cost = signal<Cost | undefined>(undefined);
const drawn = signal<Drawn | undefined>(undefined);

/** Everything that a spec may say; undefined until the worker has started. */
export const specForm: ReadonlySignal<Form | undefined> = form;
export const allPresets: ReadonlySignal<readonly Preset[]> = presets;
/** Whether the spec can be assembled, or what is wrong with it. */
export const currentCheck: ReadonlySignal<Checked | undefined> = checked;
export const currentChoices: ReadonlySignal<Choices> = choices;
/** What the latest spec that could be assembled takes. */
export const currentCost: ReadonlySignal<Cost | undefined> = cost;
/** The wiring of the latest spec that could be assembled. */
export const currentDrawing: ReadonlySignal<Drawn | undefined> = drawn;
export const askedSizes: Signal<AskedSizes> = signal({ batch: 1, length: undefined });

interface CostQuestion {
  readonly spec: Spec;
  readonly sizes: AskedSizes;
}

const checking = new Latest<Spec, Checked>(
  (spec) => attempt("The model could not be checked", () => architect().checks.check(spec)),
  (found) => (checked.value = found),
);
const choosing = new Latest<Spec, Choices>(
  (spec) => attempt("What fits the model could not be found", () => architect().checks.choices(spec)),
  (found) => (choices.value = found),
  250,
);
const counting = new Latest<CostQuestion, Cost>(
  ({ spec, sizes }) => attempt("What the model takes could not be counted", () => architect().costs.of(spec, sizes)),
  (found) => (cost.value = found),
  60,
);
const drawing = new Latest<Spec, Drawn>(
  async (spec) => {
    try {
      return { svg: await architect().drawings.diagram(spec) };
    } catch (error) {
      if (!isRefusal(error)) report("The model could not be drawn", error);
      return { refused: true };
    }
  },
  (found) => (drawn.value = found),
  60,
);

/** Keeps all of this up with the spec, from now on until what it gives is called. */
export function followSpec(): () => void {
  void attempt("The list of parts could not be loaded", async () => {
    const [loadedForm, loadedPresets] = await Promise.all([architect().checks.form(), architect().presets.list()]);
    form.value = loadedForm;
    presets.value = loadedPresets;
  });
  const stops = [
    effect(() => {
      checking.ask(currentSpec.spec.value);
      choosing.ask(currentSpec.spec.value);
    }),
    effect(() => {
      // What cannot be assembled cannot be counted or drawn: what was before stays.
      const sound = checked.value?.sound?.spec;
      if (sound === undefined) return;
      drawing.ask(sound);
      counting.ask({ spec: sound, sizes: askedSizes.value });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const asked of [checking, choosing, counting, drawing]) asked.stop();
  };
}
