// Serves folders of the repository to a page, with the headers that a case asks for, and hands on what the page reports.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".map": "application/json",
};

/** `places` maps an address to text, or the beginning of one, which ends with /, to a folder; `headers` gives those of each answer. */
export async function serve(places, headers, report) {
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let text = "";
      request.on("data", (part) => (text += part));
      request.on("end", () => {
        response.end();
        report(JSON.parse(text));
      });
      return;
    }
    answer(new URL(request.url, "http://localhost").pathname).then(
      ({ type, content }) =>
        response.writeHead(200, { "content-type": type, "cache-control": "no-store", ...headers() }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  async function answer(path) {
    const type = types[extname(path)] ?? "text/html";
    if (places[path] !== undefined) return { type, content: places[path] };
    const folder = Object.keys(places).find((each) => each.length > 1 && each.endsWith("/") && path.startsWith(each));
    if (folder === undefined) throw new Error("not found");
    return { type, content: await readFile(join(places[folder], normalize(path.slice(folder.length)))) };
  }
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, close: () => server.close() };
}
