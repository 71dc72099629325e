// Writes what goldens/check.py reads: every golden again, and one file in each storage. Argument: a folder that exists.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { encodeTensor } from "../src/index.ts";
import { readSafetensors, writeFileAtomically, writeSafetensors } from "../src/node.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("which folder? node --conditions=@tenon/source goldens/write.ts FOLDER");

const expected = JSON.parse(await readFile(join(import.meta.dirname, "expected.json"), "utf8"));
for (const name of Object.keys(expected.files)) {
  const { tensors, metadata } = await readSafetensors(join(import.meta.dirname, name));
  await writeSafetensors(join(folder, name), tensors, metadata);
}

const values = new Float32Array(Uint32Array.from(expected.rounding.float32).buffer);
for (const storage of ["F32", "F16", "BF16"] as const) {
  const entries = [["values", encodeTensor(values, [values.length])]] as const;
  await writeSafetensors(
    join(folder, `${storage}.safetensors`),
    entries,
    { storage },
    { storage, overflow: "infinity" },
  );
}
await writeFileAtomically(join(folder, "expected.json"), await readFile(join(import.meta.dirname, "expected.json")));
