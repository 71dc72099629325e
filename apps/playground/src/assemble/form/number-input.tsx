import type { JSX } from "preact";

import type { FieldProps } from "../../interface/field.tsx";
import { count } from "../../interface/numbers.ts";
import { TypedNumber } from "../../interface/typed-number.tsx";
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
  const isUnfit = value !== undefined && fitting?.includes(value) === false;
  return (
    <TypedNumber
      {...field}
      value={value}
      whole={whole}
      problemOf={(text) => problemOf(text, optional, whole, range)}
      onChange={onChange}
      suggestions={fitting}
      input={{ min: range.least ?? range.above, max: range.most ?? range.below, placeholder: usual }}
      below={(wrong, take) =>
        fitting &&
        (wrong !== undefined || isUnfit) && (
          <span class="offered">
            Would do:
            {fitting.map((each) => (
              <button key={each} type="button" class="chip" onClick={() => take(each)}>
                {count(each)}
              </button>
            ))}
          </span>
        )
      }
    />
  );
}

function problemOf(text: string, optional: boolean, whole: boolean, range: Range): string | undefined {
  if (text.trim() === "") return optional ? undefined : "Write a number.";
  const number = Number(text);
  if (Number.isNaN(number)) return "Write a number.";
  return whole && !Number.isInteger(number) ? "Write a whole number." : outOfRange(number, range);
}
