import { type Signal, signal } from "@preact/signals";

/** The sections of the form that are open, by the place in the spec that they are about; the sizes to begin with. */
export const openSections: Signal<ReadonlySet<string>> = signal(new Set(["model"]));

export function setOpen(place: string, open: boolean): void {
  if (openSections.value.has(place) === open) return;
  const next = new Set(openSections.value);
  if (open) next.add(place);
  else next.delete(place);
  openSections.value = next;
}

/** Opens the section in which a place of the spec is edited, or what it is in, and goes to its control. */
export function goToPlace(place: string): void {
  const keys = place.split(".");
  // The place, and what it is in: the nearest first.
  const places = keys.map((_, i) => CSS.escape(keys.slice(0, keys.length - i).join(".")));
  const sections = places.map((each) => document.querySelector<HTMLElement>(`[data-holds~="${each}"]`));
  const section = sections.find((each) => each !== null)?.dataset["section"];
  if (section !== undefined) setOpen(section, true);
  // What is in it is made when the page is drawn again.
  setTimeout(() => goToControl(places));
}

function goToControl(places: readonly string[]): void {
  for (const place of places) {
    const found = document.querySelector(`[data-place="${place}"]`);
    if (found === null) continue;
    for (let at = found.closest("details"); at !== null; at = at.parentElement!.closest("details")) at.open = true;
    const control = found.querySelector<HTMLElement>(":is(select, input, textarea):not(:disabled)");
    control?.focus({ preventScroll: true });
    (control ?? found).scrollIntoView({ block: "center", behavior: "smooth" });
    return;
  }
}
