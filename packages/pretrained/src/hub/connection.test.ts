import { expect, test } from "vitest";

import { ask, type Connection, Interrupted } from "./connection.ts";

function connectionTo(answer: () => Response, sent: Headers[] = []): Connection {
  return {
    repository: "owner/name",
    endpoint: "https://hub.test",
    token: "hf_secret",
    fetch: (_url, init) => {
      sent.push(new Headers(init?.headers));
      return Promise.resolve(answer());
    },
    signal: undefined,
  };
}

test("the token goes to the Hub alone, whatever address an answer names", async () => {
  const sent: Headers[] = [];
  const connection = connectionTo(() => new Response("{}"), sent);
  for (const url of [
    "https://hub.test/api",
    "https://evil.test/api",
    "http://hub.test/api",
    "https://hub.test:444/api",
  ])
    await ask(connection, url);
  expect(sent.map((headers) => headers.get("authorization"))).toEqual(["Bearer hf_secret", null, null, null]);
});

test("a busy Hub says how long to wait, of which at most a minute is waited", async () => {
  const busy = (retryAfter: string): Connection =>
    connectionTo(() => new Response("", { status: 429, headers: { "retry-after": retryAfter } }));
  for (const [said, waited] of [
    ["2", 2_000],
    ["3600", 60_000],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 0],
  ] as const) {
    const error: unknown = await ask(busy(said), "https://hub.test/api").catch((error: unknown) => error);
    expect(error instanceof Interrupted && error.wait).toBe(waited);
  }
});
