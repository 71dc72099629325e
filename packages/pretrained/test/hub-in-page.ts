// A Hub that a page's test asks in place of a server: it answers the addresses that a download asks.

/** A file, and what the page is told of it. */
export interface PageFile {
  readonly path: string;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly sha256?: string | undefined;
  readonly gitSum: string;
}

export interface PageHub {
  readonly fetch: typeof fetch;
  readonly log: string[];
  /** Where the next contents are cut, in order. */
  readonly cuts: number[];
  /** Is sent in place of the content, once. */
  instead: Uint8Array<ArrayBuffer> | undefined;
}

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A file as git keeps it, or, when it is large, beside git. */
export async function pageFile(path: string, content: Uint8Array<ArrayBuffer>, large = false): Promise<PageFile> {
  const blob = new Uint8Array(await new Blob([`blob ${content.length}\0`, content]).arrayBuffer());
  return {
    path,
    content,
    gitSum: hex(await crypto.subtle.digest("SHA-1", blob)),
    sha256: large ? hex(await crypto.subtle.digest("SHA-256", content)) : undefined,
  };
}

export function hubInPage(files: readonly PageFile[], commit: string): PageHub {
  const log: string[] = [];
  const cuts: number[] = [];
  const hub: PageHub = {
    fetch: (url, init) => Promise.resolve(answer(addressOf(url), init)),
    log,
    cuts,
    instead: undefined,
  };
  return hub;

  function answer(url: string, init: RequestInit | undefined): Response {
    const { pathname } = new URL(url);
    const range = new Headers(init?.headers).get("range");
    log.push(pathname + (range === null ? "" : ` ${range}`));
    if (pathname.endsWith("/revision/main")) return Response.json({ _id: "1", id: "owner/name", sha: commit });
    if (pathname.includes("/tree/")) {
      // One to a page, so that pages follow each other.
      const page = Number(new URL(url).searchParams.get("cursor") ?? 0);
      const next = `<${url.split("?")[0]}?recursive=true&cursor=${page + 1}>; rel="next"`;
      return Response.json([entryOf(files[page]!)], page + 1 < files.length ? { headers: { link: next } } : {});
    }
    const file = files.find(({ path }) => pathname.endsWith(`/resolve/${commit}/${path}`));
    if (file === undefined) return new Response("", { status: 404 });
    const begin = Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
    const content = hub.instead ?? file.content;
    hub.instead = undefined;
    const cut = cuts.shift();
    let at = begin;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (cut !== undefined && at >= cut) return controller.error(new TypeError("network error"));
        if (at >= content.length) return controller.close();
        const end = Math.min(at + 1_000_000, content.length, cut ?? Infinity);
        controller.enqueue(content.slice(at, end));
        at = end;
      },
    });
    const headers = { "content-range": `bytes ${begin}-${content.length - 1}/${content.length}` };
    return begin > 0 ? new Response(body, { status: 206, headers }) : new Response(body);
  }
}

function entryOf({ path, content, gitSum, sha256 }: PageFile): object {
  const entry = { type: "file", path, size: content.length, oid: gitSum };
  return sha256 === undefined ? entry : { ...entry, lfs: { oid: sha256, size: content.length, pointerSize: 130 } };
}

function addressOf(request: RequestInfo | URL): string {
  return request instanceof Request ? request.url : request.toString();
}
