import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a server sends the content of large files. */
export interface Sending {
  /** Ends the connection after so many bytes. */
  cutAfter?: number | undefined;
  /** Milliseconds between two pieces of 1000 bytes. */
  trickle?: number | undefined;
  /** Sends so many pieces of 1000 bytes, then nothing, and keeps the connection. */
  silentAfter?: number;
  /** Sends the whole, whatever part was asked for. */
  ignoresRange?: boolean;
  /** Sends a part that begins here, whatever part was asked for. */
  begin?: number;
  /** Another content than the one that is listed. */
  content?: Uint8Array;
  /** Answers with this status in place of the content. */
  status?: number;
}

/** A server that imitates the few addresses of the Hub that a download asks, and how they fail. */
export interface HubServer {
  readonly endpoint: string;
  readonly commit: string;
  /** The requests so far: their paths, with the range and the token where there is one. */
  readonly log: string[];
  /** What the next contents do, in order; then they are sent as they should be. */
  readonly sendings: Sending[];
  /** Answers every question so, when set. */
  refuses: { status: number; headers?: Record<string, string> } | undefined;
  close(): Promise<void>;
}

export interface TestFile {
  readonly path: string;
  readonly content: Uint8Array;
  /** Is it kept outside of git, as large files are? */
  readonly large?: boolean;
}

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
export const gitSumOf = (bytes: Uint8Array): string =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

/** Starts a server of one repository, `owner/name`, whose branch `main` is at one commit. */
export async function startHub(files: readonly TestFile[], commit: string = "c".repeat(40)): Promise<HubServer> {
  const log: string[] = [];
  const sendings: Sending[] = [];
  let cdn = "";
  const server = createServer((request, response) => void answer(request, response));
  const contents = createServer((request, response) => void sendContent(request, response));

  function note(request: IncomingMessage, host: string): void {
    const { range, authorization } = request.headers;
    log.push([host + request.url!.split("?")[0]!, range, authorization].filter((each) => each !== undefined).join(" "));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    note(request, "");
    const url = new URL(request.url!, "http://hub");
    if (hub.refuses !== undefined) {
      response.writeHead(hub.refuses.status, hub.refuses.headers).end("{}");
      return;
    }
    if (url.pathname === "/api/models/owner/name/revision/main") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ _id: "1", id: "owner/name", sha: commit, lastModified: "2026-01-01" }));
      return;
    }
    if (url.pathname === `/api/models/owner/name/tree/${commit}`) {
      // Two to a page, so that pages follow each other.
      const page = Number(url.searchParams.get("cursor") ?? 0);
      if (files.length > page + 2)
        response.setHeader("link", `<${hub.endpoint}${url.pathname}?recursive=true&cursor=${page + 2}>; rel="next"`);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(files.slice(page, page + 2).map((file) => entryOf(file))));
      return;
    }
    const asked = /^\/owner\/name\/resolve\/(\w+)\/(.+)$/.exec(url.pathname);
    const file = ["main", commit].includes(asked?.[1] ?? "")
      ? files.find(({ path }) => path === decodeURIComponent(asked![2]!))
      : undefined;
    if (file === undefined) {
      const code = url.pathname.includes("/revision/") ? "RevisionNotFound" : "EntryNotFound";
      response.writeHead(404, { "x-error-code": code }).end();
      return;
    }
    response.setHeader("x-repo-commit", commit);
    if (file.large !== true) {
      response.setHeader("etag", `"${gitSumOf(file.content)}"`);
      await send(request, response, file.content);
      return;
    }
    response.writeHead(302, {
      location: `${cdn}/${files.indexOf(file)}`,
      "x-linked-etag": `"${sha256Of(file.content)}"`,
      "x-linked-size": file.content.length,
    });
    response.end();
  }

  async function sendContent(request: IncomingMessage, response: ServerResponse): Promise<void> {
    note(request, "cdn");
    await send(request, response, files[Number(request.url!.slice(1))]!.content);
  }

  async function send(request: IncomingMessage, response: ServerResponse, listed: Uint8Array): Promise<void> {
    const how = sendings.shift() ?? {};
    if (how.status !== undefined) {
      response.writeHead(how.status).end();
      return;
    }
    const content = how.content ?? listed;
    const asked = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const begin = how.begin ?? (how.ignoresRange === true ? 0 : asked);
    if (begin > 0) response.setHeader("content-range", `bytes ${begin}-${content.length - 1}/${content.length}`);
    response.writeHead(begin > 0 ? 206 : 200, { "content-length": content.length - begin });
    response.flushHeaders();
    const end = how.cutAfter === undefined ? content.length : Math.min(content.length, begin + how.cutAfter);
    const step = how.trickle === undefined && how.silentAfter === undefined ? content.length : 1000;
    for (let at = begin; at < end && !response.destroyed; at += step) {
      if (at === begin + step * (how.silentAfter ?? Infinity)) return;
      response.write(content.slice(at, Math.min(at + step, end)));
      if (how.trickle !== undefined) await new Promise((resolve) => setTimeout(resolve, how.trickle));
    }
    // What was written must be on its way before the connection is torn down.
    if (how.cutAfter !== undefined) setTimeout(() => response.destroy(), 50);
    else response.end();
  }

  const hub: HubServer = {
    endpoint: await listen(server, "127.0.0.1"),
    commit,
    log,
    sendings,
    refuses: undefined,
    close: async () => {
      await Promise.all(
        [server, contents].map((one) => {
          one.closeAllConnections();
          return new Promise((resolve) => one.close(resolve));
        }),
      );
    },
  };
  cdn = await listen(contents, "localhost");
  return hub;
}

async function listen(server: Server, host: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

function entryOf({ path, content, large }: TestFile): object {
  const entry = { type: "file", path, size: content.length };
  if (large !== true) return { ...entry, oid: gitSumOf(content) };
  const lfs = { oid: sha256Of(content), size: content.length, pointerSize: 130 };
  return { ...entry, oid: gitSumOf(new TextEncoder().encode(lfs.oid)), lfs, xetHash: lfs.oid };
}
