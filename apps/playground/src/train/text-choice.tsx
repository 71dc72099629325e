import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Check } from "../interface/check.tsx";
import { Choice } from "../interface/choice.tsx";
import { Field } from "../interface/field.tsx";
import { NumberField } from "../interface/number-field.tsx";
import { bytes } from "../interface/numbers.ts";
import { FileDrop } from "../model/file-drop.tsx";
import { change, draft } from "./draft.ts";
import { canTellDocuments } from "./start.ts";
import { ownText } from "./own-text.ts";

/** What it learns from. */
export function TextChoice(): JSX.Element {
  const { text, stories, storySeed } = draft.value;
  return (
    <>
      <Choice
        label="Text"
        value={text}
        options={[
          { value: "stories", title: "Stories that come with Tenon" },
          { value: "own", title: "My own" },
        ]}
        onChange={(text) => change({ text })}
      />
      {text === "stories" ? (
        <div class="columns">
          <NumberField
            label="Stories"
            value={stories}
            minimum={1}
            maximum={100_000}
            whole
            hint="About 110 tokens each."
            suggestions={[300, 1000, 3000, 10_000]}
            onChange={(stories) => change({ stories })}
          />
          <NumberField
            label="Their seed"
            value={storySeed}
            minimum={0}
            whole
            hint="Another seed, other stories."
            onChange={(storySeed) => change({ storySeed })}
          />
        </div>
      ) : (
        <OwnText />
      )}
    </>
  );
}

function OwnText(): JSX.Element {
  const [pasting, setPasting] = useState(false);
  const own = ownText.value;
  return (
    <>
      <FileDrop
        what="A text file, UTF-8, 50 MiB at most"
        accept=".txt,.md,.csv,.json,.html,text/*"
        onFiles={([file]) => {
          setPasting(false);
          ownText.value = { kind: "file", file: file! };
        }}
      />
      {own?.kind === "file" && (
        <p class="small" role="status">
          {own.file.name}, {bytes(own.file.size)}. It stays in this browser.
        </p>
      )}
      {pasting || own?.kind === "pasted" ? (
        <Field label="The text" hint="Some thousand words or more.">
          {(control) => (
            <textarea
              {...control}
              rows={6}
              value={own?.kind === "pasted" ? own.text : ""}
              onInput={({ currentTarget }) => (ownText.value = { kind: "pasted", text: currentTarget.value })}
            />
          )}
        </Field>
      ) : (
        <button type="button" class="button" onClick={() => setPasting(true)}>
          Paste a text instead
        </button>
      )}
      {canTellDocuments() && (
        <Check
          label="A blank line ends a document: learn where texts end"
          value={draft.value.documents}
          onChange={(documents) => change({ documents })}
        />
      )}
    </>
  );
}
