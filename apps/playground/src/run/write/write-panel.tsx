import { Play, RotateCcw, Square } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { Check } from "../../interface/check.tsx";
import { Field } from "../../interface/field.tsx";
import { handFocus } from "../../interface/hand-focus.ts";
import { openedModel } from "../../model/session.ts";
import { abilitiesOf } from "../abilities.ts";
import { Statistics } from "./statistics.tsx";
import { SamplingControls } from "./sampling-controls.tsx";
import { StepDistributionView } from "./step-distribution-view.tsx";
import { TokenText } from "./token-text.tsx";
import { forget, isChat, isWriting, prompt, stop, write, written } from "./write-state.ts";
import "./write.css";

/** Texts that a decoder continues, or an encoder–decoder writes for others. */
export function WritePanel(): JSX.Element {
  const model = openedModel.value!;
  useEffect(() => () => stop(), []);
  const { translates, chats } = abilitiesOf(model);
  const text = written.value;
  return (
    <div class="write">
      <div class="stack">
        <Prompt translates={translates} chats={chats} />
        {text !== undefined && (
          <section class="card" aria-label="The text">
            <TokenText written={text} translates={translates} />
            <Statistics end={text.end} isWriting={isWriting.value} tokens={text.tokens.length} />
          </section>
        )}
      </div>
      <SamplingControls />
      <StepDistributionView />
    </div>
  );
}

/** The button goes with the text. */
function clear(): void {
  forget();
  handFocus(() => document.querySelector<HTMLElement>(".write textarea"));
}

function Prompt({ translates, chats }: { readonly translates: boolean; readonly chats: boolean }): JSX.Element {
  const label = translates ? "Text to read" : isChat.value && chats ? "What you say to the model" : "Text to continue";
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWriting.value) void write();
      }}
    >
      <Field label={label}>
        {(control) => (
          <textarea
            {...control}
            rows={3}
            value={prompt.value}
            onInput={({ currentTarget }) => (prompt.value = currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form!.requestSubmit();
            }}
          />
        )}
      </Field>
      {chats && (
        <Check label="It answers as in a conversation" value={isChat.value} onChange={(on) => (isChat.value = on)} />
      )}
      <div class="row">
        {isWriting.value ? (
          <button type="button" class="button primary" onClick={stop}>
            <Square size={16} aria-hidden="true" /> Stop
          </button>
        ) : (
          <button type="submit" class="button primary">
            <Play size={16} aria-hidden="true" /> {translates ? "Write" : "Continue the text"}
          </button>
        )}
        {written.value !== undefined && !isWriting.value && (
          <button type="button" class="button" onClick={clear}>
            <RotateCcw size={16} aria-hidden="true" /> Clear
          </button>
        )}
      </div>
    </form>
  );
}
