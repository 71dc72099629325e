import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";

import { Field, type FieldProps } from "./field.tsx";

/**
 * A field in which a number is typed, or nothing where that may be: what the page's fields for numbers are made of. `problemOf` says what is wrong with a text;
 * `onChange` is called with each number that comes about, and while something is wrong the last one stays.
 */
export function TypedNumber({
  value,
  whole,
  problemOf,
  onChange,
  suggestions,
  input,
  below,
  wrong,
  ...field
}: FieldProps & {
  readonly value: number | undefined;
  readonly whole: boolean;
  readonly problemOf: (text: string) => string | undefined;
  readonly onChange: (value: number | undefined) => void;
  /** Numbers that are offered in a list. */
  readonly suggestions?: readonly number[] | undefined;
  /** What else the control says of itself. */
  readonly input?: Pick<JSX.InputHTMLAttributes, "step" | "min" | "max" | "placeholder" | "disabled">;
  /** What stands below the control, given what is wrong; `take` writes a number into it. */
  readonly below?: (wrong: string | undefined, take: (number: number) => void) => ComponentChildren;
}): JSX.Element {
  const [typed, setTyped] = useState<{ readonly text: string; readonly shown: number | undefined } | undefined>();
  // What stands in the field is what was typed, until the value changes from elsewhere.
  const text = typed !== undefined && typed.shown === value ? typed.text : value === undefined ? "" : String(value);
  const said = problemOf(text) ?? wrong;
  const take = (text: string): void => {
    const fine = problemOf(text) === undefined;
    const number = text.trim() === "" ? undefined : Number(text);
    setTyped({ text, shown: fine ? number : value });
    if (fine && number !== value) onChange(number);
  };
  return (
    <Field {...field} wrong={said}>
      {(control) => (
        <>
          <input
            {...control}
            type="number"
            inputMode={whole ? "numeric" : "decimal"}
            step={whole ? 1 : "any"}
            {...input}
            value={text}
            list={suggestions && `${control.id}-list`}
            onInput={({ currentTarget }) => take(currentTarget.value)}
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
          {below?.(said, (number) => take(String(number)))}
        </>
      )}
    </Field>
  );
}
