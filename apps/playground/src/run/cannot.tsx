import type { JSX } from "preact";

import type { ModelSource, ShippedName } from "../engine/model-source.ts";
import { handFocus } from "../interface/hand-focus.ts";
import { openedModel, openModel } from "../model/session.ts";
import { kindOf } from "./abilities.ts";

const titles: { readonly [name in ShippedName]: string } = {
  "story-decoder": "the story decoder",
  "story-encoder": "the story encoder",
};

const toPanel = (): void => handFocus(() => document.querySelector<HTMLElement>('.run [role="tabpanel"]'));

/** What the open model is not made for, and a way to one that is. */
export function Cannot({
  what,
  remedy,
}: {
  /** What it cannot do: "It fills in no words". */
  readonly what: string;
  readonly remedy: ShippedName;
}): JSX.Element {
  const model = openedModel.value!;
  const source: ModelSource = { kind: "shipped", name: remedy };
  const why =
    model.tokenizer === undefined
      ? `${model.name} came without a tokenizer, so no text can be read for it`
      : kindOf(model);
  return (
    <div class="card stack">
      <p>
        {why}. {what}.
      </p>
      <div>
        <button type="button" class="button primary" onClick={() => void openModel(source).then(toPanel)}>
          Open {titles[remedy]}
        </button>
      </div>
    </div>
  );
}
