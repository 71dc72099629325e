import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Field, type FieldProps } from "../../interface/field.tsx";

/** Something that is written as text: a list, or JSON. What cannot be read is said, and the last value stays. */
export function TextInput<T>({
  value,
  write,
  read,
  placeholder,
  long = false,
  onChange,
  ...field
}: FieldProps & {
  readonly value: T;
  readonly write: (value: T) => string;
  /** Throws an `Error` in words for what it cannot read. */
  readonly read: (text: string) => T;
  readonly placeholder?: string | undefined;
  readonly long?: boolean;
  readonly onChange: (value: T) => void;
}): JSX.Element {
  const [typed, setTyped] = useState<{ readonly text: string; readonly shown: string; readonly wrong?: string }>();
  const now = write(value);
  const kept = typed?.shown === now ? typed : undefined;
  const take = (text: string): void => {
    try {
      const next = read(text);
      setTyped({ text, shown: write(next) });
      if (write(next) !== now) onChange(next);
    } catch (error) {
      setTyped({ text, shown: now, wrong: (error as Error).message });
    }
  };
  return (
    <Field {...field} wrong={kept?.wrong ?? field.wrong}>
      {(control) => {
        const shared = { ...control, value: kept?.text ?? now, placeholder, spellcheck: false };
        return long ? (
          <textarea {...shared} rows={4} class="code" onInput={({ currentTarget }) => take(currentTarget.value)} />
        ) : (
          <input {...shared} type="text" onInput={({ currentTarget }) => take(currentTarget.value)} />
        );
      }}
    </Field>
  );
}
