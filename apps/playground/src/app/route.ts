import { type ReadonlySignal, signal } from "@preact/signals";

/** The places of the page, as they stand in its address. */
export const places = ["assemble", "train", "run", "look-inside"] as const;
export type Place = (typeof places)[number];

/** What the part of an address behind `#` says: a place, and what is handed to it. */
export interface Route {
  readonly place: Place;
  readonly parameters: URLSearchParams;
}

/** Reads the part of an address behind `#`. What is no place is the first one. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const place = places.find((name) => name === path) ?? places[0];
  return { place, parameters: new URLSearchParams(query) };
}

/** The same the other way round: what stands behind `#`. */
export function routeText(place: Place, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return `#/${place}${query === "" ? "" : `?${query}`}`;
}

const current = signal(parseRoute(globalThis.location?.hash ?? ""));
globalThis.addEventListener?.("hashchange", () => (current.value = parseRoute(location.hash)));

/** Where the page is now; it follows the address, so the browser's own buttons work. */
export const route: ReadonlySignal<Route> = current;

/** Changes what is handed to the place where one is; nothing new to go back to comes of it. What is undefined is taken out. */
export function amend(changes: Readonly<Record<string, string | undefined>>): void {
  const { place, parameters } = current.value;
  const all = { ...Object.fromEntries(parameters), ...changes };
  const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = routeText(place, Object.fromEntries(kept));
  if (text === routeText(place, Object.fromEntries(parameters))) return;
  history.replaceState(history.state, "", text);
  current.value = parseRoute(text);
}

/** Goes to a place. */
export function go(place: Place, parameters: Readonly<Record<string, string>> = {}): void {
  location.hash = routeText(place, parameters);
}
