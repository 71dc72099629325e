import { Play, Square } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { type BackendId, backendIds, backendTitles } from "../../backends/backend-id.ts";
import { Check } from "../../interface/check.tsx";
import { Field } from "../../interface/field.tsx";
import { NumberField } from "../../interface/number-field.tsx";
import { survey, surveyed } from "../../model/backend-survey.ts";
import { usedBackend } from "../../model/session.ts";
import { prompt } from "../write/write-state.ts";
import { CompareTable } from "./compare-table.tsx";
import { chosenBackends, compare, comparedTokens, comparison, stopComparing } from "./compare-state.ts";
import "./compare.css";

/** The same model on several backends: are they as fast as each other, and do they say the same? */
export function ComparePanel(): JSX.Element {
  useEffect(() => {
    survey();
    return stopComparing;
  }, []);
  const found = comparison.value;
  const isRunning = found?.ended === "no";
  return (
    <div class="stack">
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isRunning) void compare();
        }}
      >
        <fieldset class="backends">
          <legend>Backends</legend>
          {backendIds.map((id) => (
            <BackendCheck key={id} id={id} disabled={isRunning} />
          ))}
        </fieldset>
        <div class="columns">
          <Field label="Text to continue">
            {(control) => (
              <textarea
                {...control}
                rows={2}
                value={prompt.value}
                disabled={isRunning}
                onInput={({ currentTarget }) => (prompt.value = currentTarget.value)}
              />
            )}
          </Field>
          <NumberField
            label="Tokens"
            hint="What each of them generates, always the most probable token."
            value={comparedTokens.value}
            minimum={2}
            maximum={500}
            whole
            disabled={isRunning}
            onChange={(tokens) => (comparedTokens.value = tokens)}
          />
        </div>
        <div class="row">
          {isRunning ? (
            <button type="button" class="button primary" onClick={stopComparing}>
              <Square size={16} aria-hidden="true" /> Stop
            </button>
          ) : (
            <button type="submit" class="button primary" disabled={chosenBackends.value.size === 0}>
              <Play size={16} aria-hidden="true" /> Compare
            </button>
          )}
          <span class="small quiet" role="status">
            {isRunning && found.computing !== undefined && `${backendTitles[found.computing]} computes …`}
            {found?.ended === "stopped" && "Stopped."}
            {found !== undefined && !isRunning && ` ${usedBackend.value.name} goes on computing.`}
          </span>
        </div>
      </form>
      {found !== undefined && found.rows.length > 0 && <CompareTable found={found} />}
    </div>
  );
}

function BackendCheck({ id, disabled }: { readonly id: BackendId; readonly disabled: boolean }): JSX.Element {
  const known = surveyed.value.get(id);
  const chosen = chosenBackends.value;
  const toggle = (on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    chosenBackends.value = next;
  };
  return (
    <Check
      label={
        <>
          {backendTitles[id]}
          <span class="small quiet about">
            {known === undefined
              ? "is being tried …"
              : known.works
                ? known.name
                : `does not work here: ${known.reason}`}
          </span>
        </>
      }
      value={chosen.has(id) && known?.works !== false}
      disabled={disabled || known?.works === false}
      onChange={toggle}
    />
  );
}
