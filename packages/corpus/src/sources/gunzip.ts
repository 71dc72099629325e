import { ConfigError } from "@tenon/tensor";

import type { NamedBytes } from "./source-file.ts";

// The file's bytes, unpacked if they are packed with gzip, which the first two tell (RFC 1952). Throws `ConfigError` for packed bytes that are damaged or cut.
export async function* unpacked(file: NamedBytes): AsyncGenerator<Uint8Array> {
  const chunks = file.bytes()[Symbol.asyncIterator]();
  try {
    const head: Uint8Array[] = [];
    let seen = 0;
    while (seen < 2) {
      const { value, done } = await chunks.next();
      if (done === true) break;
      head.push(value);
      seen += value.length;
    }
    const [first, second] = head.flatMap((chunk) => [...chunk.subarray(0, 2)]);
    const all = followedBy(head, chunks);
    if (first === 0x1f && second === 0x8b) yield* gunzip(file.name, all);
    else yield* all;
  } finally {
    await chunks.return?.();
  }
}

async function* followedBy(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head;
  for (;;) {
    const { value, done } = await rest.next();
    if (done === true) return;
    yield value;
  }
}

async function* gunzip(name: string, packed: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  // What the source itself throws comes through the stream; only the rest is damage.
  let failed: unknown;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { value, done } = await packed.next();
        if (done === true) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      } catch (error) {
        failed = error;
        throw error;
      }
    },
  });
  const reader = source.pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (failed !== undefined) throw failed;
    throw new ConfigError(
      `${name} begins like a file packed with gzip, but cannot be unpacked: it is damaged, cut off, or several in one. Unpack it with gunzip, or get it again.`,
      { name },
      { cause: error },
    );
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
