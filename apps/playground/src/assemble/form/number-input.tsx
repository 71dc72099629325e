import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Field, type FieldProps } from "../../interface/field.tsx";
import { count } from "../../interface/numbers.ts";
import { outOfRange, type Range } from "../../spec/form.ts";

/** A number that may be left out, with the numbers that would do beside one that does not. */
export function NumberInput({
  value,
  usual,
  optional,
  whole,
  range,
  fitting,
  onChange,
  ...field
}: FieldProps & {
  readonly value: number | undefined;
  /** What it is where nothing is written. */
  readonly usual: string | undefined;
  readonly optional: boolean;
  readonly whole: boolean;
  readonly range: Range;
  readonly fitting?: readonly number[] | undefined;
  readonly onChange: (value: number | undefined) => void;
}): JSX.Element {
  const [typed, setTyped] = useState<{ readonly text: string; readonly shown: number | undefined } | undefined>();
  // What stands in the field is what was typed, until the value changes from elsewhere.
  const text = typed !== undefined && typed.shown === value ? typed.text : value === undefined ? "" : String(value);
  const problem = problemOf(text, optional, whole, range);
  const take = (text: string): void => {
    const fine = problemOf(text, optional, whole, range) === undefined;
    const number = text.trim() === "" ? undefined : Number(text);
    setTyped({ text, shown: fine ? number : value });
    if (fine && number !== value) onChange(number);
  };
  const wrong = problem ?? field.wrong;
  const offered =
    wrong !== undefined || (value !== undefined && fitting?.includes(value) === false) ? fitting : undefined;
  return (
    <Field {...field} wrong={wrong}>
      {(control) => (
        <>
          <input
            {...control}
            type="number"
            inputMode={whole ? "numeric" : "decimal"}
            value={text}
            step={whole ? 1 : "any"}
            min={range.least ?? range.above}
            max={range.most ?? range.below}
            placeholder={usual}
            list={fitting && `${control.id}-list`}
            onInput={({ currentTarget }) => take(currentTarget.value)}
          />
          {fitting && (
            <datalist id={`${control.id}-list`}>
              {fitting.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </datalist>
          )}
          {offered && (
            <span class="offered">
              Would do:
              {offered.map((each) => (
                <button key={each} type="button" class="chip" onClick={() => take(String(each))}>
                  {count(each)}
                </button>
              ))}
            </span>
          )}
        </>
      )}
    </Field>
  );
}

function problemOf(text: string, optional: boolean, whole: boolean, range: Range): string | undefined {
  if (text.trim() === "") return optional ? undefined : "Write a number.";
  const number = Number(text);
  if (Number.isNaN(number)) return "Write a number.";
  return whole && !Number.isInteger(number) ? "Write a whole number." : outOfRange(number, range);
}
