/**
 * A value of JSON as a short text for an address: deflated, in the alphabet of base64url. {@link decodeShared} is the way back.
 */
export async function encodeShared(value: unknown): Promise<string> {
  const bytes = await through(new Blob([JSON.stringify(value)]), new CompressionStream("deflate-raw"));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The most that an address may hold when it is unpacked: far more than any spec, and far less than would hurt. */
const most = 1_000_000;

/** What {@link encodeShared} packed. Throws an `Error` in words for what it did not. */
export async function decodeShared(text: string): Promise<unknown> {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const packed = new Blob([Uint8Array.from(binary, (character) => character.charCodeAt(0))]);
    return JSON.parse(new TextDecoder().decode(await through(packed, new DecompressionStream("deflate-raw"))));
  } catch (cause) {
    throw new Error(
      "This link does not hold a whole model. It may have been cut off: copy all of it, and open it again.",
      {
        cause,
      },
    );
  }
}

async function through(blob: Blob, by: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = (blob.stream().pipeThrough(by) as ReadableStream<Uint8Array>).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    size += value!.length;
    if (size > most) throw new Error("too large");
    pieces.push(value!);
  }
  return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}
