import { cutAtStop } from "./stop-text.ts";
import type { TokenDecoder } from "./token-decoder.ts";

/** The text of a generation: what the decoder gives, less what stop strings hold back or cut off. */
export class TextStream {
  readonly #decoder: TokenDecoder | undefined;
  readonly #stops: readonly string[];
  #held = "";
  /** Has a stop string been found? */
  stopped = false;

  /** The decoder reads the prompt first, so that a character or a space that begins in the prompt goes on correctly. */
  constructor(decoder: TokenDecoder | undefined, stops: readonly string[], prompt: readonly number[]) {
    this.#decoder = decoder;
    this.#stops = stops;
    if (decoder !== undefined) for (const id of prompt) decoder.push(id);
  }
  /** The text that is certain once `id` came. */
  push(id: number): string {
    return this.#decoder === undefined ? "" : this.#show(this.#decoder.push(id));
  }
  /** What was held: at the end, the start of a stop string is plain text. */
  end(): string {
    if (this.#decoder === undefined) return "";
    const text = this.#show(this.#decoder.end()) + this.#held;
    this.#held = "";
    return text;
  }
  #show(text: string): string {
    const { before, held, stopped } = cutAtStop(this.#held + text, this.#stops);
    this.#held = held;
    this.stopped = stopped;
    return before;
  }
}
