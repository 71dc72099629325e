// Makes a model that comes with Tenon from one that `tenon train` wrote: the same parameters, stored as f16.
//
//   npm run tenon -- train --model decoder … --out trained
//   node_modules/.bin/node --conditions=@tenon/source apps/cli/models/ship.ts trained/model.safetensors story-decoder
//
// README.md beside this file says which commands made the two that are here.
import { fileURLToPath } from "node:url";

import { readSafetensors, writeFileAtomically } from "@tenon/checkpoint/node";
import { loadSavedModel, savedModelBytes } from "@tenon/pretrained";

const [from, name] = process.argv.slice(2);
if (from === undefined || (name !== "story-decoder" && name !== "story-encoder")) {
  console.error("usage: ship.ts <model.safetensors> story-decoder|story-encoder");
  process.exit(2);
}
const saved = await loadSavedModel(await readSafetensors(from));
const to = fileURLToPath(new URL(`${name}.safetensors`, import.meta.url));
await writeFileAtomically(to, await savedModelBytes(saved, { storage: "F16" }));
console.log(`wrote ${to}`);
