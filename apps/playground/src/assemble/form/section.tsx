import type { ComponentChildren, JSX } from "preact";

import { isWrong } from "./problems-at.ts";
import { openSections, setOpen } from "./opened.ts";

/**
 * A piece of the form that can be folded; what is wrong in it opens it. `about` says in short what it holds. What is in a folded one is not made: a model
 * of two sides has hundreds of fields, which would all be drawn again at every edit.
 */
export function Section({
  place,
  holds,
  title,
  about,
  children,
}: {
  /** Its own name among the sections. */
  readonly place: string;
  /** The places of the spec that are edited in it: "decoder.attention". */
  readonly holds: readonly string[];
  readonly title: string;
  readonly about: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const wrong = holds.some((each) => isWrong(each.split(".")));
  const open = wrong || openSections.value.has(place);
  return (
    <details
      class={`section${wrong ? " has-problem" : ""}`}
      data-section={place}
      data-holds={holds.join(" ")}
      open={open}
      onToggle={({ currentTarget }) => setOpen(place, currentTarget.open)}
    >
      <summary>
        <span class="section-title">{title}</span>
        <span class="section-about">
          {wrong && <span class="wrong-mark">does not fit · </span>}
          {about}
        </span>
      </summary>
      {open && <div class="section-body">{children}</div>}
    </details>
  );
}
