/** The start of {@link hashStep}. */
export const hashStart: number = 0x811c9dc5 | 0;
/** FNV-1a over bytes (Fowler, Noll and Vo 1991), one at a time. */
export const hashStep = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);
