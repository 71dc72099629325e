import { serializeSafetensors, type TensorEntries } from "@tenon/checkpoint";
import { CheckpointError, ConfigError } from "@tenon/tensor";

/** Where the sum stands in the metadata. */
const key = "sha256";
const digits = 64;
const zero = 0x30;

/**
 * A safetensors file with the SHA-256 of all its bytes in its metadata, those of the sum itself taken as zeros: no byte of it can change unseen, be it
 * of a tensor, the header or the padding between.
 */
export async function sealed(tensors: TensorEntries, metadata: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const bytes = serializeSafetensors(tensors, { ...metadata, [key]: "0".repeat(digits) });
  const at = placeOfSum(bytes)!;
  bytes.set(new TextEncoder().encode(await sumOf(bytes)), at);
  return bytes;
}

/** Checks the sum of a file that {@link sealed} made. Its header has been found sound. Throws `CheckpointError` naming the file. */
export async function checkSeal(bytes: Uint8Array, file: string): Promise<void> {
  const at = placeOfSum(bytes);
  if (at === undefined) {
    throw new CheckpointError(
      `${file} is no checkpoint of a training run, or is damaged: its metadata has no "${key}".`,
      { file },
    );
  }
  const place = bytes.subarray(at, at + digits);
  const expected = new Uint8Array(place); // a copy, also of a Node `Buffer`, whose slice() is none
  place.fill(zero);
  const sum = await sumOf(bytes);
  place.set(expected);
  const said = new TextDecoder().decode(expected);
  if (sum === said) return;
  throw new CheckpointError(`${file} is damaged: the SHA-256 of its content is ${sum}, but it says ${said}.`, {
    file,
    expected: said,
    got: sum,
  });
}

/** The first digit of the sum. Quotes inside of a string are escaped, so that none other than the key itself looks like this. */
function placeOfSum(bytes: Uint8Array): number | undefined {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const quoted = `"${key}":"`;
  // One character for each byte, whatever it is.
  const at = new TextDecoder("latin1").decode(bytes.subarray(8, 8 + length)).indexOf(quoted);
  return at < 0 ? undefined : 8 + at + quoted.length;
}

async function sumOf(bytes: Uint8Array): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new ConfigError(
      "checkpoints need WebCrypto, which this page does not have: open it by https, or from localhost",
    );
  }
  const sum = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
