import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the built page. */
export const built: string = fileURLToPath(new URL("../../dist/", import.meta.url));

const types: { readonly [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** A host of static files as the simplest are: no headers but the type of a file. */
export interface PlainHost {
  /** The address of the page, below a path of the host. */
  readonly url: string;
  /** The files that were asked for, by their paths in the folder. */
  readonly asked: string[];
  /** Files that it has lost. */
  readonly lost: Set<string>;
  close(): void;
}

/** Serves the built page at `path` of a free port. `headers` come with every file. */
export async function plainHost(path = "/some/path/", headers: Record<string, string> = {}): Promise<PlainHost> {
  const asked: string[] = [];
  const lost = new Set<string>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://localhost");
    const file = normalize(pathname.slice(path.length) || "index.html");
    asked.push(file);
    const known = pathname.startsWith(path) && !file.startsWith("..") && ![...lost].some((name) => file.includes(name));
    const content = known ? readFile(join(built, file)) : Promise.reject(new Error("not here"));
    content.then(
      (bytes) =>
        response
          .writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", ...headers })
          .end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The host has no port.");
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://localhost:${address.port}${path}`, asked, lost, close };
}
