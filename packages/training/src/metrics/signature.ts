/** The version that signatures carry: that of this package. */
const version = "tenon-0.1.0";

/** How a score was made, in sacreBLEU's form: `nrefs:1|case:mixed|…|version:…`. */
export function signature(
  references: readonly (readonly string[])[],
  settings: Readonly<Record<string, string>>,
): string {
  const counts = new Set(references.map((each) => each.length));
  const nrefs = counts.size === 1 ? `${references[0]!.length}` : "var";
  return Object.entries({ nrefs, ...settings, version })
    .map(([key, value]) => `${key}:${value}`)
    .join("|");
}
