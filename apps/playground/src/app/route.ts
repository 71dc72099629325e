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

/** Goes to a place. */
export function go(place: Place, parameters: Readonly<Record<string, string>> = {}): void {
  location.hash = routeText(place, parameters);
}
