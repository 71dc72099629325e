/** As many output rows as are learned side by side: their addresses and factors fit into registers. */
const mostOutputs = 6;

/**
 * The sizes of the groups in which a target and its negatives are learned: as few as may be, alike to within 1. The rows of a group are all
 * scored before one of them is changed, which matters only where a negative was drawn twice.
 */
export function evenGroups(count: number): number[] {
  const groups = Math.ceil(count / mostOutputs);
  return Array.from({ length: groups }, (_, i) => Math.floor((count + groups - 1 - i) / groups));
}
