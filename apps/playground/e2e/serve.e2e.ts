import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../scripts/serve.mjs", import.meta.url));

/** Starts the command, from elsewhere. */
function serve(...options: string[]): { readonly child: ChildProcess; readonly said: () => string } {
  const child = spawn(process.execPath, [script, ...options], { cwd: tmpdir(), stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (text += data.toString()));
  return { child, said: () => text };
}

test.each([
  [["--prot", "3"], "Unknown option '--prot'"],
  [["--port", "http"], "--port takes a whole number from 0 to 65535, not http."],
  [["--port", "65536"], "--port takes a whole number from 0 to 65535, not 65536."],
  [["here"], "Unexpected argument 'here'."],
])("%j is refused in one line", async (options, words) => {
  const { child, said } = serve(...options);
  expect(await once(child, "close")).toEqual([1, null]);
  expect(said()).toContain(words);
  expect(said().trim().split("\n")).toHaveLength(1);
});

test("where a port is taken the next is used and said; what is not there is answered by 404; SIGTERM ends it at once", async () => {
  const other = createServer().listen(0);
  const { port } = other.address() as AddressInfo;
  const { child, said } = serve("--no-build", "--port", String(port));
  await expect.poll(said, { timeout: 20_000 }).toContain("The playground is at");
  const [url] = /http:\S+/.exec(said())!;
  expect(url).not.toContain(`:${port}/`);
  const page = await fetch(url);
  expect([page.status, page.headers.get("cross-origin-embedder-policy")]).toEqual([200, "require-corp"]);
  expect(page.headers.get("content-security-policy")).toContain("connect-src 'self'");
  expect((await fetch(new URL("nothing.js", url))).status).toBe(404);
  const began = performance.now();
  child.kill("SIGTERM");
  await once(child, "close");
  expect(performance.now() - began).toBeLessThan(3000);
  other.close();
});
