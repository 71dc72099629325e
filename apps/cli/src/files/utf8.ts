import { ConfigError } from "@tenon/tensor";

/**
 * Bytes as text. Throws `ConfigError` naming the first place that is no UTF-8 text: a zero byte, as binary files have them, or
 * bytes that are no character. A byte order mark at the start is not part of the text.
 *
 * @param name what to call the bytes in a message: a path, or "the prompt"
 */
export function decodeUtf8(bytes: Uint8Array, name: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new ConfigError(`${name} is UTF-16 text; Tenon reads UTF-8. ${convert("UTF-16")}`, { name });
  }
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    throw new ConfigError(`${name} is no text: byte ${zero} is 0, as in binary files. Give a UTF-8 text.`, { name });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const at = firstInvalid(bytes);
    const shown = bytes[at]!.toString(16).toUpperCase();
    throw new ConfigError(`${name} is not UTF-8: byte ${at} (0x${shown}) starts no character. ${convert("LATIN1")}`, {
      name,
    });
  }
}

const convert = (from: string): string => `Convert it first, for instance with \`iconv -f ${from} -t UTF-8\`.`;

/** Where a replacement character comes out though the bytes hold none. */
function firstInvalid(bytes: Uint8Array): number {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  for (let i = text.indexOf("\uFFFD"); ; i = text.indexOf("\uFFFD", i + 1)) {
    const at = Buffer.byteLength(text.slice(0, i));
    if (bytes[at] !== 0xef || bytes[at + 1] !== 0xbf || bytes[at + 2] !== 0xbd) return at;
  }
}
