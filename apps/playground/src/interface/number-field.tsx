import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Field, type FieldProps } from "./field.tsx";

/** A number that is typed. `onChange` is called with each number that comes about; what is no number, or out of range, is said, and the last number stays. */
export function NumberField({
  value,
  onChange,
  minimum = -Infinity,
  maximum = Infinity,
  whole = false,
  step,
  suggestions,
  disabled,
  wrong,
  ...field
}: FieldProps & {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly whole?: boolean;
  readonly step?: number;
  /** Numbers that are offered. */
  readonly suggestions?: readonly number[] | undefined;
  readonly disabled?: boolean;
}): JSX.Element {
  const [typed, setTyped] = useState<{ readonly text: string; readonly shown: number } | undefined>();
  // What stands in the field is what was typed, until the value changes from elsewhere.
  const text = typed !== undefined && typed.shown === value ? typed.text : String(value);
  const problem = problemOf(text, minimum, maximum, whole);
  return (
    <Field {...field} wrong={problem ?? wrong}>
      {(control) => (
        <>
          <input
            {...control}
            type="number"
            inputMode={whole ? "numeric" : "decimal"}
            value={text}
            step={step ?? (whole ? 1 : "any")}
            min={Number.isFinite(minimum) ? minimum : undefined}
            max={Number.isFinite(maximum) ? maximum : undefined}
            list={suggestions && `${control.id}-list`}
            disabled={disabled}
            onInput={({ currentTarget: { value: text } }) => {
              const number = Number(text);
              const fine = problemOf(text, minimum, maximum, whole) === undefined;
              setTyped({ text, shown: fine ? number : value });
              if (fine && number !== value) onChange(number);
            }}
          />
          {suggestions && (
            <datalist id={`${control.id}-list`}>
              {suggestions.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

function problemOf(text: string, minimum: number, maximum: number, whole: boolean): string | undefined {
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) return "Write a number.";
  if (whole && !Number.isInteger(number)) return "Write a whole number.";
  if (number < minimum) return `Write ${minimum} or more.`;
  if (number > maximum) return `Write ${maximum} or less.`;
  return undefined;
}
