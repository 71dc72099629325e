import type { JSX } from "preact";

import { Field, type FieldProps } from "./field.tsx";

/** One of several. */
export interface Option<T extends string> {
  readonly value: T;
  readonly title: string;
  /** Why it cannot be chosen. */
  readonly impossible?: string | undefined;
}

/** One of several, from a list. What cannot be chosen stays in it, and says why below. */
export function Choice<T extends string>({
  value,
  options,
  onChange,
  disabled,
  hint,
  ...field
}: FieldProps & {
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}): JSX.Element {
  const refused = options.filter(({ impossible }) => impossible !== undefined);
  const said =
    refused.length === 0 ? (
      hint
    ) : (
      <>
        {hint}
        {refused.map(({ value, title, impossible }) => (
          <span class="impossible" key={value}>
            {title}: {impossible}
          </span>
        ))}
      </>
    );
  return (
    <Field {...field} hint={said}>
      {(control) => (
        <select
          {...control}
          value={value}
          disabled={disabled}
          onChange={({ currentTarget }) => {
            const chosen = currentTarget.value as T;
            // It shows what holds, and what was chosen holds only once somebody has made it so.
            currentTarget.value = value;
            onChange(chosen);
          }}
        >
          {options.map(({ value: each, title, impossible }) => (
            <option key={each} value={each} disabled={impossible !== undefined} title={impossible}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
