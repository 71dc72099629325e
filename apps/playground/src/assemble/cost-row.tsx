import type { ComponentChildren, JSX } from "preact";

/** One line of what a model takes as a whole. */
export function CostRow({
  name,
  value,
  more,
}: {
  readonly name: string;
  readonly value: ComponentChildren;
  /** Of what, and under which conditions. */
  readonly more?: string;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="number">{value}</dd>
      {more !== undefined && <dd class="quiet">{more}</dd>}
    </div>
  );
}
