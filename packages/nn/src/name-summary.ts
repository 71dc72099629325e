/** Names that differ only in one number between dots, as one: blocks.0.input and blocks.1.input become blocks.(0–1).input. */
export function summary(names: readonly string[]): string[] {
  const number = /(?<=^|\.)\d+(?=\.|$)/u;
  const places = new Map<string, number[]>();
  for (const name of names) {
    const place = number.exec(name);
    const key = name.replace(number, "()");
    places.set(key, [...(places.get(key) ?? []), ...(place === null ? [] : [Number(place[0])])]);
  }
  return [...places].map(([key, found]) => {
    const [low, high] = [Math.min(...found), Math.max(...found)];
    return key.replace("()", low === high ? String(low) : `(${low}–${high})`);
  });
}
