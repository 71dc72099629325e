import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Field } from "../interface/field.tsx";
import { currentSpec } from "../model/current-spec.ts";
import { messageOf } from "../problems/message-of.ts";
import { soundSpec } from "./address.ts";

/** A place to write or paste a spec. */
export function PasteSpec(): JSX.Element {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string | undefined>();
  const [done, setDone] = useState(false);
  const take = async (): Promise<void> => {
    setDone(false);
    try {
      currentSpec.edit(await soundSpec(() => parsed(text)));
      setWrong(undefined);
      setText("");
      setDone(true);
    } catch (error) {
      setWrong(messageOf(error));
    }
  };
  return (
    <form
      class="stack paste"
      onSubmit={(event) => {
        event.preventDefault();
        void take();
      }}
    >
      <Field label="Paste a spec" wrong={wrong}>
        {(control) => (
          <textarea
            {...control}
            class="code"
            rows={6}
            spellcheck={false}
            placeholder='{"version": 1, "kind": "decoder", …}'
            value={text}
            onInput={({ currentTarget }) => {
              setText(currentTarget.value);
              setWrong(undefined);
              setDone(false);
            }}
          />
        )}
      </Field>
      <div class="row">
        <button type="submit" class="button" disabled={text.trim() === ""}>
          Take it
        </button>
        <button
          type="button"
          class="button"
          onClick={() => setText(JSON.stringify(currentSpec.spec.value, undefined, 2))}
        >
          Edit what there is
        </button>
        <span class="small quiet" role="status">
          {done && "Taken. Undo brings the model before back."}
        </span>
      </div>
    </form>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no JSON: ${(error as Error).message}. Copy all of the spec, from { to }.`, {
      cause: error,
    });
  }
}
