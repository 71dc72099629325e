import type { MaskExtent } from "./mask.ts";

type Places = Omit<MaskExtent, "backend">;

/** What `build` makes on the host for an extent, made again only when the extent changes: all layers of a forward pass share it. */
export function perExtent<T>(build: (at: Places) => T): (at: Places) => T {
  let known: { readonly at: Places; readonly built: T } | undefined;
  return (at) => {
    if (known === undefined || !isSame(known.at, at)) {
      const { queries, keys, queryOffset, firstKey, firstQuery } = at;
      const places = { queries, keys, queryOffset, firstKey, firstQuery }; // without the backend, which it would keep alive
      known = { at: places, built: build(places) };
    }
    return known.built;
  };
}

// Where the text stands decides: queries at the same places are the same, whichever turn they come in.
const isSame = (a: Places, b: Places): boolean =>
  a.queries === b.queries && a.keys === b.keys && a.queryOffset === b.queryOffset && a.firstKey === b.firstKey;
