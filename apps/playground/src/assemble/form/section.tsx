import type { ComponentChildren, JSX } from "preact";

import { isWrong } from "./problems-at.ts";
import { openSections, setOpen } from "./opened.ts";

/** A piece of the form that can be folded; what is wrong in it opens it. `about` says in short what it holds. */
export function Section({
  place,
  title,
  about,
  wrong = isWrong(place.split(".")),
  children,
}: {
  /** What of the spec it is about: "decoder.attention". */
  readonly place: string;
  readonly title: string;
  readonly about: string;
  readonly wrong?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <details
      class={`section${wrong ? " has-problem" : ""}`}
      open={wrong || openSections.value.has(place)}
      onToggle={({ currentTarget }) => setOpen(place, currentTarget.open)}
    >
      <summary>
        <span class="section-title">{title}</span>
        <span class="section-about">
          {wrong && <span class="wrong-mark">does not fit · </span>}
          {about}
        </span>
      </summary>
      <div class="section-body">{children}</div>
    </details>
  );
}
