// Makes a model that comes with Tenon from one that `tenon train` wrote: the same parameters, stored as f16.
//
//   npm run tenon -- train --model decoder … --out trained
//   node_modules/.bin/node --conditions=@tenon/source apps/cli/models/ship.ts trained/model.safetensors story-decoder
//
// README.md beside this file says which commands made the two that are here.
import { fileURLToPath } from "node:url";

import { encodeTensor } from "@tenon/checkpoint";
import { readSafetensors, writeSafetensors } from "@tenon/checkpoint/node";

const [from, name] = process.argv.slice(2);
if (from === undefined || (name !== "story-decoder" && name !== "story-encoder")) {
  console.error("usage: ship.ts <model.safetensors> story-decoder|story-encoder");
  process.exit(2);
}
const { tensors, metadata } = await readSafetensors(from);
const halved = new Map(
  [...tensors].map(([path, stored]) => [
    path,
    encodeTensor(stored.toFloat32(), stored.shape, { dtype: "F16", name: path }),
  ]),
);
const to = fileURLToPath(new URL(`${name}.safetensors`, import.meta.url));
await writeSafetensors(to, halved, metadata);
console.log(`wrote ${to}`);
