import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

import { ConfigError } from "@tenon/tensor";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** One of stdout and stderr: written to in order, coloured only where it is a terminal, and silent once nobody reads any more. */
export class OutputStream {
  readonly #stream: WriteStream;
  readonly #closing = new AbortController();

  constructor(stream: WriteStream) {
    this.#stream = stream;
    // The write that failed says why. This listener only keeps the event from ending the process.
    stream.on("error", () => undefined);
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY;
  }

  /** Aborts when the reader is gone. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** The stream itself, for libraries that draw on it. */
  get raw(): WriteStream {
    return this.#stream;
  }

  /** Resolves when the text has left this process, so that a pipe gets each piece as it comes. Throws `ConfigError` for a full disk. */
  write(text: string): Promise<void> {
    if (this.closed.aborted) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#stream.write(text, (error) => {
        if (error === undefined || error === null) return resolve();
        // `tenon generate | head` closes the pipe when head has seen enough (EPIPE), and a terminal may go away (EIO). That is no error.
        if (!["EPIPE", "EIO"].includes((error as NodeJS.ErrnoException).code ?? "")) {
          return reject(new ConfigError(`cannot write the output: ${error.message}. Send it somewhere else.`));
        }
        this.#closing.abort();
        resolve();
      });
    });
  }

  line(text = ""): Promise<void> {
    return this.write(`${text}\n`);
  }

  /** One JSON value on a line of its own. */
  json(value: object): Promise<void> {
    return this.line(JSON.stringify(value));
  }

  /** The text in colour, if this is a terminal that shows colours and NO_COLOR is not set. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream });
  }
}
