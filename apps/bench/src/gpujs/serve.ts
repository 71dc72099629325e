import { createServer } from "node:http";

/** Serves a script and a page that runs it, and hands on what the page posts. The page is cross-origin isolated: exact clocks and threads need it. */
export async function servePage(
  script: string,
  report: (event: unknown) => void,
): Promise<{ readonly address: string; close(): void }> {
  const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let text = "";
      request.setEncoding("utf8").on("data", (part: string) => (text += part));
      request.on("end", () => {
        response.end();
        report(JSON.parse(text));
      });
    } else if (request.url === "/page.js") {
      response.writeHead(200, { ...headers, "content-type": "text/javascript" }).end(script);
    } else {
      response
        .writeHead(200, { ...headers, "content-type": "text/html" })
        .end('<!doctype html><script type="module" src="/page.js"></script>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
