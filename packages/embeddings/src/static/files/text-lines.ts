import type { ByteWindow } from "./byte-window.ts";
import type { Mender } from "./repairs.ts";
import { carriageReturn, newline } from "./text-rows.ts";

/** A line of {@link widest} numbers, with room for the longest words. */
const longestLine = 2 ** 21;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** The lines of a text, one at a time, in a window that moves on. Each ends with a line break, the last one as well. */
export class TextLines {
  readonly window: ByteWindow;
  readonly #mender: Mender;
  /** Behind the last line break of the window. */
  #whole = 0;
  #number = 0;
  #ended = false;

  constructor(window: ByteWindow, mender: Mender) {
    this.window = window;
    this.#mender = mender;
  }

  /** Is a whole line in the window? It begins at `window.at`. */
  get isReady(): boolean {
    return this.window.at < this.#whole;
  }

  /** Which line is next, in words. */
  get place(): string {
    return `line ${this.#number + 1}`;
  }

  /** Waits for the next line. Gives false at the end of the text. */
  async fill(): Promise<boolean> {
    const { window } = this;
    while (!this.isReady) {
      const rest = window.bytes.length - window.at;
      if (rest > longestLine)
        this.#mender.refuse(
          this.place,
          `it does not end within ${longestLine} bytes`,
          "This is no text of word vectors: check the file and its format",
        );
      if (!this.#ended && !(await window.more())) {
        this.#ended = true;
        if (rest > 0 && window.bytes.at(-1) !== newline) window.append(Uint8Array.of(newline));
      }
      this.#whole = window.bytes.lastIndexOf(newline) + 1;
      if (this.#ended) break;
    }
    if (this.#number === 0 && this.isReady && byteOrderMark.every((byte, i) => window.bytes[window.at + i] === byte)) {
      this.#mender.found("byte order mark", this.place, "the file begins with a byte order mark");
      window.at += byteOrderMark.length;
    }
    return this.isReady;
  }

  /** Where the next line ends: at its line break, or at the carriage return before it, which is damage to be reported once. */
  end(report = true): number {
    const { bytes, at } = this.window;
    const end = bytes.indexOf(newline, at);
    if (end === at || bytes[end - 1] !== carriageReturn) return end;
    if (report) this.#mender.found("carriage return", this.place, "the line ends with CR LF, as Windows writes it");
    return end - 1;
  }

  /** Goes on behind the line that ends at or after `at`. */
  pass(at: number): void {
    const { window } = this;
    window.at = (window.bytes[at] === newline ? at : window.bytes.indexOf(newline, at)) + 1;
    this.#number++;
  }
}
