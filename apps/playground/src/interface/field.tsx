import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** What every field of a form has. */
export interface FieldProps {
  readonly label: ComponentChildren;
  /** What it is for, or what may stand here. */
  readonly hint?: ComponentChildren;
  /** What is wrong with what stands here. */
  readonly wrong?: string | undefined;
}

/** What a control has to carry, so that screen readers say its label, its hint and what is wrong. */
export interface ControlProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean | undefined;
}

/** A label, the control that `children` makes, its hint, and what is wrong. */
export function Field({
  label,
  hint,
  wrong,
  children,
}: FieldProps & { readonly children: (control: ControlProps) => ComponentChildren }): JSX.Element {
  const id = useId();
  const [hintId, wrongId] = [`${id}-hint`, `${id}-wrong`];
  const described = [hint !== undefined && hintId, wrong !== undefined && wrongId].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": wrong !== undefined || undefined })}
      {hint !== undefined && (
        <span class="hint" id={hintId}>
          {hint}
        </span>
      )}
      {wrong !== undefined && (
        <span class="wrong" id={wrongId}>
          {wrong}
        </span>
      )}
    </div>
  );
}
