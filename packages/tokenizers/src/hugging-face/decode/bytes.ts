import { bytesOf } from "../split/byte-alphabet.ts";
import type { MakeStep } from "./step.ts";

/** Tokens in the byte alphabet become UTF-8, and a character is given when its last byte is there; bytes that are no UTF-8 become U+FFFD. */
export const byteLevel: MakeStep = () => {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    push: (token) => some(utf8.decode(bytesOf(token), { stream: true })),
    end: () => some(utf8.decode()),
  };
};

/**
 * Tokens such as `<0xE2>` become UTF-8, a run of them at a time; in a run that is no UTF-8 each byte becomes U+FFFD. So the text of a run is
 * certain only when it is over.
 */
export const byteFallback: MakeStep = () => {
  let run: number[] = [];
  const flush = (): string[] => {
    if (run.length === 0) return [];
    const bytes = Uint8Array.from(run);
    run = [];
    try {
      return [new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)];
    } catch {
      return Array.from(bytes, () => "\ufffd");
    }
  };
  return {
    push(token) {
      const byte = byteOf(token);
      if (byte === undefined) return [...flush(), token];
      run.push(byte);
      return [];
    },
    end: flush,
  };
};

/** The byte that a token such as `<0xE2>` stands for. */
export function byteOf(token: string): number | undefined {
  return /^<0x[0-9A-Fa-f]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : undefined;
}

function some(text: string): string[] {
  return text === "" ? [] : [text];
}
