/** Whether a byte lies between words: a space, what ASCII has of tabs and line ends, or 0. In UTF-8 no other character has these bytes. */
export const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13) || byte === 0;
