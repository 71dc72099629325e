import type { Texts } from "../engine/inspection/subject-data.ts";
import type { ModelInfo } from "../engine/model-info.ts";
import { engine, openedModel, openProgress, usedBackend } from "../model/session.ts";
import { capitalised } from "../interface/capitalised.ts";
import { messageOf } from "../problems/message-of.ts";
import type { Shown } from "./shown.ts";
import { chosen } from "./state.ts";
import { useSettled } from "./text/use-settled.ts";
import { usualTexts } from "./text/usual-texts.ts";
import { useLatest } from "./use-latest.ts";

/** The texts of the fields, what is looked at, and why it cannot be. */
export interface Looking {
  readonly texts: Texts;
  readonly shown: Shown | undefined;
  readonly wrong: string | undefined;
}

/** Reads the texts with the model that is open, again whenever one of them changes. */
export function useShown(model: ModelInfo): Looking {
  const usual = usualTexts(model);
  const { text = usual.text, written = usual.written } = chosen.value;
  const texts = { text, written };
  const settled = useSettled(texts, JSON.stringify(texts));
  const key = engineKey(JSON.stringify(settled));
  const { value } = useLatest("The text could not be read", key, async (): Promise<Read> => {
    try {
      const reading = await engine().inspection.read(settled);
      return { shown: { key: key!, texts: settled, reading }, wrong: undefined };
    } catch (error) {
      // It is said beside the text, where it can be put right.
      return { shown: undefined, wrong: capitalised(messageOf(error)) };
    }
  });
  return { texts, shown: value?.shown, wrong: value?.wrong };
}

interface Read {
  readonly shown: Shown | undefined;
  readonly wrong: string | undefined;
}

/** A key for what depends on the model and on what computes it, too; undefined while one is being opened. */
function engineKey(key: string): string | undefined {
  const model = openedModel.value;
  if (model === undefined || openProgress.value !== undefined) return undefined;
  return `${numberOf(model)} ${usedBackend.value.id} ${key}`;
}

const numbers = new WeakMap<ModelInfo, number>();
let latest = 0;

/** Tells models apart that are opened one after the other. */
function numberOf(model: ModelInfo): number {
  if (!numbers.has(model)) numbers.set(model, ++latest);
  return numbers.get(model)!;
}
