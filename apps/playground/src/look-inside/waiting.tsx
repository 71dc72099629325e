import type { JSX } from "preact";

/** Stands where a result will be; nothing where none is to come, since what went wrong is said above. */
export function Waiting({ busy }: { readonly busy: boolean }): JSX.Element {
  return (
    <p class="waiting" role="status">
      {busy ? "Looking inside …" : "There is nothing to show: what went wrong is said above."}
    </p>
  );
}
