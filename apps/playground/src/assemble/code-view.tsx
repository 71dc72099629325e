import { Download } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { CopyButton } from "../interface/copy-button.tsx";
import { saveFile } from "../interface/save-file.ts";
import { currentSpec } from "../model/current-spec.ts";
import { report } from "../problems/problem.ts";
import "./code.css";
import { architect, isRefusal } from "./architect.ts";
import { highlighted } from "./highlighted.ts";
import { PasteSpec } from "./paste-spec.tsx";
import { currentCheck } from "./state.ts";

/** The spec as JSON, to copy, to save, or to paste another. */
export function JsonView(): JSX.Element {
  const text = JSON.stringify(currentSpec.spec.value, undefined, 2);
  return (
    <div class="stack">
      <p class="small quiet">
        The spec is what Tenon saves with a model. <code>assemble(spec)</code> of <code>@tenon/models</code> builds it.
        Options that are left out have their defaults.
      </p>
      <Code text={text} language="json" name="spec.json" label="The spec as JSON" />
      <PasteSpec />
    </div>
  );
}

/** The same model as TypeScript. */
export function TypeScriptView({ stale }: { readonly stale: boolean }): JSX.Element {
  const spec = currentCheck.value?.sound?.spec;
  const [printed, setPrinted] = useState<{ readonly text?: string; readonly refused?: true }>({});
  useEffect(() => {
    if (spec === undefined) return;
    let current = true;
    architect()
      .drawings.typeScript(spec)
      .then((text) => current && setPrinted({ text }))
      .catch((error: unknown) => {
        if (!isRefusal(error)) report("The model could not be printed", error);
        if (current) setPrinted({ refused: true });
      });
    return () => {
      current = false;
    };
  }, [spec]);
  if (printed.refused !== undefined)
    return <p class="waiting">Models of this kind are not printed as TypeScript. The JSON holds all of them.</p>;
  if (printed.text === undefined) return <p class="waiting">Printing …</p>;
  return (
    <div class={`stack${stale ? " stale" : ""}`}>
      <p class="small quiet">
        The same model, composed by hand from the packages' parts, with the same parameters: where a spec ends, this is
        the code to go on from.
      </p>
      <Code text={printed.text} language="typescript" name="model.ts" label="The model as TypeScript" />
    </div>
  );
}

/** Some code, which can be copied and saved. */
function Code({
  text,
  language,
  name,
  label,
}: {
  readonly text: string;
  readonly language: "json" | "typescript";
  readonly name: string;
  readonly label: string;
}): JSX.Element {
  const [html, setHtml] = useState<{ readonly of: string; readonly html: string } | undefined>();
  useEffect(() => {
    let current = true;
    void highlighted(text, language).then((html) => current && setHtml({ of: text, html }));
    return () => {
      current = false;
    };
  }, [text, language]);
  return (
    <>
      <div class="row">
        <CopyButton text={text} />
        <button type="button" class="button" onClick={() => saveFile(name, new Blob([text], { type: "text/plain" }))}>
          <Download size={16} aria-hidden="true" /> {name}
        </button>
      </div>
      <div class="code-block">
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- whoever has no pointer scrolls it by the arrow keys */}
        <pre tabIndex={0} role="region" aria-label={label}>
          {/* highlight.js escapes what it marks. */}
          {html?.of === text ? <code dangerouslySetInnerHTML={{ __html: html.html }} /> : <code>{text}</code>}
        </pre>
      </div>
    </>
  );
}
