import type { JSX } from "preact";

import { Field, type FieldProps } from "./field.tsx";

/** A number that is found by trying. What `show` says of it stands beside the label. */
export function Slider({
  value,
  onChange,
  minimum,
  maximum,
  step,
  show = String,
  disabled,
  label,
  ...field
}: FieldProps & {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  readonly show?: (value: number) => string;
  readonly disabled?: boolean;
}): JSX.Element {
  return (
    <Field
      {...field}
      label={
        <>
          {label} <span class="slider-value">{show(value)}</span>
        </>
      }
    >
      {(control) => (
        <input
          {...control}
          type="range"
          min={minimum}
          max={maximum}
          step={step}
          value={value}
          aria-valuetext={show(value)}
          disabled={disabled}
          onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
        />
      )}
    </Field>
  );
}
