import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** Yes or no. */
export function Check({
  label,
  value,
  onChange,
  disabled,
}: {
  readonly label: ComponentChildren;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
  readonly disabled?: boolean;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field inline">
      <input
        id={id}
        type="checkbox"
        checked={value}
        disabled={disabled}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <label for={id}>{label}</label>
    </div>
  );
}
