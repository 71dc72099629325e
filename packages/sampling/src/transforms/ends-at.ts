/** Are the ids just before the index `end` those of `part`? A part that is longer than what comes before is not there. */
export function endsAt(ids: readonly number[], end: number, part: readonly number[]): boolean {
  const start = end - part.length;
  // From the end: it is where a sequence differs most often, and an index below 0 holds no id.
  for (let at = part.length - 1; at >= 0; at--) if (ids[start + at] !== part[at]) return false;
  return true;
}
