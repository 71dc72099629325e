import type { Place } from "./route.ts";

let at: Place | undefined;

/**
 * Puts the focus on the heading of a place that one has gone to, so that screen readers say where one is, and Tab goes on from there. Where the page
 * began, the browser has done so already.
 */
export function arrive(place: Place): void {
  const before = at;
  at = place;
  if (before === undefined || before === place) return;
  const content = document.getElementById("content")!;
  const heading = content.querySelector("h1") ?? content;
  heading.tabIndex = -1;
  window.scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}
