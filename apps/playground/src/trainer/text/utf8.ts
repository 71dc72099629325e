import { ConfigError } from "@tenon/tensor";

/** The largest text that a page takes in, in bytes: text, tokens and model share its memory. */
export const largestText: number = 50 * 1024 * 1024;

/**
 * The text of a file. Throws `ConfigError` for one that is too large, empty, or no UTF-8 text. A byte order mark at the start is not part of the
 * text.
 */
export async function readText(file: Blob & { readonly name?: string }): Promise<string> {
  const name = file.name ?? "the text";
  if (file.size > largestText)
    throw new ConfigError(
      `${name} has ${mebibytes(file.size)} MiB, and the page takes ${mebibytes(largestText)} at most. Take a part of it, or train on all of it with \`tenon train --text\`.`,
      { name, size: file.size },
    );
  const text = decoded(new Uint8Array(await file.arrayBuffer()), name);
  if (text.trim() === "") throw new ConfigError(`${name} is empty. Choose a file with text in it.`, { name });
  return text;
}

const mebibytes = (size: number): string => (size / 2 ** 20).toFixed(size % 2 ** 20 === 0 ? 0 : 1);

function decoded(bytes: Uint8Array, name: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new ConfigError(`${name} is UTF-16 text. Save it as UTF-8 in an editor, and choose it again.`, { name });
  if (bytes.includes(0))
    throw new ConfigError(`${name} is no text: there are zeros in it, as in binary files. Choose a UTF-8 text.`, {
      name,
    });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError(
      `${name} is not UTF-8: some of its bytes are no character. Save it as UTF-8 in an editor, and choose it again.`,
      { name },
    );
  }
}
