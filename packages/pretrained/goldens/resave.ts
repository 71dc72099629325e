// node --conditions=@tenon/source packages/pretrained/goldens/resave.ts <folder to write to>: loads every golden folder and every model of published.json, and saves it again. check.py calls it.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { filesInMemory } from "../src/files/files-in-memory.ts";
import { fromPretrained } from "../src/from-pretrained.ts";
import { savePretrained } from "../src/save-pretrained.ts";
import { goldenContent, goldenFolder } from "../test/golden-folder.ts";
import { published, publishedFolder } from "../test/published.ts";

const target = process.argv[2];
if (target === undefined) throw new Error("name the folder to write to");
for (const entry of readdirSync(fileURLToPath(new URL(".", import.meta.url)), { withFileTypes: true })) {
  const { name } = entry;
  if (!entry.isDirectory() || !goldenContent(name).has("config.json")) continue;
  const loaded = await fromPretrained(goldenFolder(name));
  const { model, family, architecture } = loaded;
  const content = new Map<string, Uint8Array | Blob>();
  await savePretrained(loaded, filesInMemory(content));
  write(name, content);
  // What the spec alone says, without the config that it was loaded with.
  content.clear();
  await savePretrained(model, filesInMemory(content), { family, architecture });
  write(`${name} from its spec`, content);
  console.log(name);
}
for (const name of Object.keys(published.models)) {
  const loaded = await fromPretrained(filesInMemory((await publishedFolder(name)).content));
  const content = new Map<string, Uint8Array | Blob>();
  await savePretrained(loaded.model, filesInMemory(content), { family: loaded.family });
  write(join("published", name), content);
}

function write(name: string, content: ReadonlyMap<string, Uint8Array | Blob>): void {
  for (const [path, bytes] of content) {
    const file = join(target!, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes as Uint8Array);
  }
}
