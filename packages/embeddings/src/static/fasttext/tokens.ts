/** The characters between words, to fastText: ASCII's white space and the zero byte, no other of Unicode's spaces. */
const separators = /[ \n\r\t\v\f\0]+/;

/** The words of a line. */
export const tokensOf = (line: string): string[] => line.split(separators).filter((token) => token !== "");
