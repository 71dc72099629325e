import type { JSX } from "preact";

import type { FieldProps } from "./field.tsx";
import { TypedNumber } from "./typed-number.tsx";

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
  return (
    <TypedNumber
      {...field}
      value={value}
      whole={whole}
      problemOf={(text) => problemOf(text, minimum, maximum, whole)}
      onChange={(number) => onChange(number!)} // nothing at all is a problem, and not handed on
      suggestions={suggestions}
      input={{
        step: step ?? (whole ? 1 : "any"),
        min: Number.isFinite(minimum) ? minimum : undefined,
        max: Number.isFinite(maximum) ? maximum : undefined,
        disabled,
      }}
    />
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
