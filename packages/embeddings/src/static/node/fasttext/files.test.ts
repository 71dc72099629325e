import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { readFastText, writeFastText } from "./files.ts";

test("a model goes to a file and comes back", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-fasttext-"));
  try {
    const golden = fileURLToPath(new URL("../../../../goldens/fasttext-models/softmax.bin", import.meta.url));
    const model = await readFastText(golden);
    const path = join(folder, "again.bin");
    await writeFastText(path, model);
    const again = await readFastText(path);
    expect(again.settings).toEqual(model.settings);
    expect(again.predict("red cat", { k: 2 })).toEqual(model.predict("red cat", { k: 2 }));
    await expect(readFastText(join(folder, "none.bin"))).rejects.toThrow("none.bin: there is no such file");
    await expect(writeFastText(join(folder, "no", "m.bin"), model)).rejects.toThrow("its folder does not exist");
  } finally {
    await rm(folder, { recursive: true });
  }
});
