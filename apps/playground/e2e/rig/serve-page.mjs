import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const serve = fileURLToPath(new URL("../../scripts/serve.mjs", import.meta.url));

export async function servePage() {
  // Vitest says NODE_ENV=test, and a build for tests would be another one than a visitor gets.
  const { NODE_ENV: _, ...env } = process.env;
  const host = spawn(process.execPath, [serve, "--port", "0"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(host, "close");
  const url = await address(host);
  const close = async () => {
    host.kill();
    await ended;
  };
  return { url, close };
}

async function address(host) {
  for await (const line of createInterface({ input: host.stdout })) {
    const [url] = /http:\S+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("The playground could not be built or served: see above.");
}
