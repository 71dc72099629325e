/** Are the ids just before the index `end` those of `part`? Nothing comes before every index. */
export function endsAt(ids: readonly number[], end: number, part: readonly number[]): boolean {
  const start = end - part.length;
  if (start < 0) return false;
  // From the end: it is where a sequence differs most often.
  for (let at = part.length - 1; at >= 0; at--) if (ids[start + at] !== part[at]) return false;
  return true;
}
