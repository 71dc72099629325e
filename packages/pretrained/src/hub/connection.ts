import { CheckpointError } from "@tenon/tensor";

import { refusal } from "./refusal.ts";

/** Who asks, and where. */
export interface Connection {
  /** The repository's name, for messages. */
  readonly repository: string;
  /** The Hub's address, without a `/` at its end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal | undefined;
}

/** The Hub is busy, or its answer was cut: asking again may help. */
export class Interrupted extends Error {
  /** Milliseconds that a busy Hub asks to wait; undefined when it did not answer at all. */
  readonly wait: number | undefined;
  constructor(message: string, wait?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = "Interrupted";
    this.wait = wait;
  }
}

/**
 * Asks the Hub. The token goes only there: never to an address of another host that an answer names (where the Hub itself leads elsewhere, `fetch` leaves
 * it out).
 *
 * Throws `CheckpointError` for an answer that is a refusal, {@link Interrupted} when there is no answer, or the Hub is busy.
 */
export async function ask(connection: Connection, url: string, init: RequestInit = {}): Promise<Response> {
  const { endpoint, token, signal } = connection;
  const headers = new Headers(init.headers);
  if (token !== undefined && new URL(url).origin === new URL(endpoint).origin)
    headers.set("authorization", `Bearer ${token}`);
  let response: Response;
  try {
    response = await connection.fetch(url, { ...init, headers, signal: init.signal ?? signal ?? null });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Interrupted(reasonOf(cause), undefined, { cause });
  }
  if (response.ok) return response;
  await response.body?.cancel().catch(() => undefined);
  if ([408, 429, 500, 502, 503, 504].includes(response.status)) {
    const seconds = Number(response.headers.get("retry-after") ?? 0);
    throw new Interrupted(
      `the answer was ${response.status} ${response.statusText}`.trim(),
      Number.isFinite(seconds) ? Math.min(seconds, 60) * 1000 : 0,
    );
  }
  throw refusal(connection, response);
}

/** What is said when asking again did not help either. */
export function unreachable({ repository, endpoint }: Connection, cause: unknown): CheckpointError {
  return new CheckpointError(
    `cannot get ${repository} from ${endpoint}: ${reasonOf(cause)}. Check the network; what was downloaded before can be used without one, with the option offline: true or with HF_HUB_OFFLINE=1.`,
    { repository, endpoint },
    { cause },
  );
}

/** In Node, `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return error instanceof TypeError && cause instanceof Error
    ? cause.message || String((cause as Error & { code?: string }).code)
    : error.message;
}
