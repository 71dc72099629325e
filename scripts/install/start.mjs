// Does what docs/start.md says, literally: its commands, in an empty folder, with the files that it shows, and looks whether what it promises comes out.
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";

import { serve } from "../browser/serve.mjs";
import { outside, run } from "./project.mjs";

/** The projects of the page: a title and what one does, in order: `{ commands }`, `{ file }` to write, `{ prints }` for what the last command printed. */
export function startProjects(root) {
  const [, ...sections] = readFileSync(join(root, "docs/start.md"), "utf8").split(/^## /m);
  const pattern = /^```sh\n(?<commands>.*?)^```$|^<<< @\/(?<file>\S+)$|^```text\n(?<prints>.*?)^```$/gms;
  return sections
    .map((text) => ({ title: text.split("\n")[0], steps: Array.from(text.matchAll(pattern), ({ groups }) => groups) }))
    .filter(({ steps }) => steps.length > 0);
}

/** Does a project in a new folder; `visit(address)` uses the page that a server shows. Gives how long each command took. */
export async function doProject({ steps }, { root, folder, registry, cache, visit }) {
  mkdirSync(folder, { recursive: true });
  const env = outside({ npm_config_registry: registry, npm_config_cache: cache, npm_config_loglevel: "error" });
  const took = [];
  let [place, printed] = [folder, ""];
  for (const { commands, file, prints } of steps) {
    if (file !== undefined) copyFileSync(join(root, file), join(place, basename(file)));
    if (prints !== undefined && printed.trim() !== prints.trim())
      throw new Error(`it prints\n${printed}\nwhere docs/start.md promises\n${prints}`);
    for (const command of commands?.replaceAll("\\\n", "").trim().split("\n") ?? []) {
      const words = command.replace(/\s+#.*$/, "");
      const began = performance.now();
      if (words === "npx vite") await served(words, place, env, visit);
      else {
        const lines = (await run("sh", ["-ec", `${words}\npwd`], { cwd: place, env })).trimEnd().split("\n");
        [place, printed] = [lines.at(-1), lines.slice(0, -1).join("\n")];
        if (words === "npx vite build") await hosted(join(place, "dist"), visit);
      }
      took.push({ command: words, seconds: (performance.now() - began) / 1000 });
    }
  }
  return took;
}

/** Starts a server, uses its page, and ends it with all that it started. */
async function served(command, cwd, env, visit) {
  const server = spawn("sh", ["-c", command], { cwd, env, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const address = await new Promise((resolve, reject) => {
      const told = (line) => /http:\/\/localhost:\d+\//.exec(line)?.[0];
      createInterface({ input: server.stdout }).on("line", (line) => told(line) !== undefined && resolve(told(line)));
      server.once("exit", () => reject(new Error(`${command} ended before it said where its page is`)));
    });
    await visit(address);
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid);
  }
}

/** Uses what was built, from a host that knows nothing of it and sends no headers. */
async function hosted(folder, visit) {
  const pages = { "/assets/": join(folder, "assets"), "/": readFileSync(join(folder, "index.html")) };
  const host = await serve(
    pages,
    () => ({}),
    () => {},
  );
  await visit(`http://127.0.0.1:${host.port}/`).finally(host.close);
}

/** Uses the page of docs/start/vite: it learns, and sorts four digits. */
export async function sortOnPage(page, address) {
  await page.goto(address);
  await page.getByText("It has learned").waitFor({ timeout: 120_000 });
  await page.getByLabel("Four digits").fill("9530");
  await page.getByText("0359").waitFor({ timeout: 10_000 });
}
