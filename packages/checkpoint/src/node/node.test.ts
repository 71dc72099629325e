import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isTenonError } from "@tenon/tensor";
import { afterEach, beforeEach, expect, test } from "vitest";

import { encodeTensor } from "../encode.ts";
import { serializeSafetensors } from "../serialize.ts";
import { readSafetensors } from "./read.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";
import { writeSafetensors } from "./write.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-checkpoint-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const weight = encodeTensor(Float32Array.of(1, 2), [2]);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it was accepted"),
    (error: unknown) => error,
  );
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message.replaceAll(folder, "FOLDER");
}

test("what is written is read", async () => {
  const path = join(folder, "m.safetensors");
  await writeSafetensors(path, [["w", weight]], { made: "here" }, { storage: "BF16" });
  const file = await readSafetensors(path);
  expect(file.name).toBe(path);
  expect(file.metadata.made).toBe("here");
  expect(file.tensors.get("w")!.dtype).toBe("BF16");
  expect(file.tensors.get("w")!.toFloat32()).toEqual(Float32Array.of(1, 2));
  expect(await readdir(folder)).toEqual(["m.safetensors"]);
});

test("each thing that is no safetensors file gives one clear error", async () => {
  const path = join(folder, "m.safetensors");
  expect(await refused(readSafetensors(path))).toBe(
    "cannot read FOLDER/m.safetensors: there is no such file. Check the path.",
  );
  expect(await refused(readSafetensors(folder))).toBe(
    "FOLDER is a folder; expected a safetensors file. Name a file in it.",
  );
  await writeFile(path, "");
  expect(await refused(readSafetensors(path))).toBe(
    "FOLDER/m.safetensors is empty (0 bytes); expected a safetensors file. Download or export it again.",
  );
  await writeFile(path, "hello");
  expect(await refused(readSafetensors(path))).toContain(
    "FOLDER/m.safetensors is not a safetensors file, or is damaged: it has 5 bytes.",
  );
  await writeFile(path, "once upon a time there was a file");
  expect(await refused(readSafetensors(path))).toContain(
    "is not a safetensors file, or is damaged: its first 8 bytes announce a header of 80300",
  );
  await writeFile(path, '{"model_type": "gpt2"}');
  expect(await refused(readSafetensors(path))).toContain("looks like JSON text");
  await writeFile(path, serializeSafetensors([["w", weight]]).subarray(0, -1));
  expect(await refused(readSafetensors(path))).toContain(
    'FOLDER/m.safetensors: tensor "w" ends at byte 8 of the data, but the file has only 7.',
  );
  expect(await refused(readSafetensors(join(path, "deeper")))).toContain("part of the path is a file, not a folder");
});

test.skipIf(process.platform === "win32")("a device is refused", async () => {
  expect(await refused(readSafetensors("/dev/zero"))).toContain(
    "/dev/zero is a device or a pipe; expected a safetensors file.",
  );
  expect(await refused(writeFileAtomically("/dev/null", text("new")))).toContain(
    "cannot write /dev/null: it is a device or a pipe.",
  );
});

test("a file is replaced whole", async () => {
  const path = join(folder, "notes");
  await writeFile(path, "old and longer");
  await writeFileAtomically(path, text("new"));
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await readdir(folder)).toEqual(["notes"]);
});

test("a relative path is written where it points", async () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    await writeFileAtomically("notes", text("new"));
  } finally {
    process.chdir(before);
  }
  expect(await readdir(folder)).toEqual(["notes"]);
});

test("what cannot be written leaves everything as it was", async () => {
  expect(await refused(writeFileAtomically(join(folder, "no", "notes"), text("new")))).toBe(
    "cannot write FOLDER/no/notes: its folder does not exist. Create the folder first.",
  );
  await mkdir(join(folder, "sub"));
  expect(await refused(writeFileAtomically(join(folder, "sub"), text("new")))).toBe(
    "cannot write FOLDER/sub: it is a folder. Name a file.",
  );
  const path = join(folder, "m.safetensors");
  await writeFile(path, "old");
  expect(await refused(writeSafetensors(path, [["w", { ...weight, shape: [3] }]]))).toContain(
    'cannot write tensor "w"',
  );
  // Fails when the temporary file is there already.
  await expect(writeFileAtomically(path, { length: 3 } as never)).rejects.toThrow(TypeError);
  expect(await readFile(path, "utf8")).toBe("old");
  expect((await readdir(folder)).sort()).toEqual(["m.safetensors", "sub"]);
});

// Root may write to anything.
test.skipIf(process.platform === "win32" || process.getuid?.() === 0)("a read-only file is not replaced", async () => {
  const path = join(folder, "notes");
  await writeFile(path, "old", { mode: 0o444 });
  expect(await refused(writeFileAtomically(path, text("new")))).toBe(
    "cannot write FOLDER/notes: permission is denied. Check who may write to it and to its folder.",
  );
  expect(await readFile(path, "utf8")).toBe("old");
});

test.skipIf(process.platform === "win32")("permissions and symbolic links survive", async () => {
  await writeFile(join(folder, "real"), "old");
  await chmod(join(folder, "real"), 0o640);
  await symlink("real", join(folder, "link"));
  await writeFileAtomically(join(folder, "link"), text("new"));
  expect(await readFile(join(folder, "real"), "utf8")).toBe("new");
  expect((await stat(join(folder, "real"))).mode & 0o777).toBe(0o640);
  expect((await readdir(folder)).sort()).toEqual(["link", "real"]);
});

test("writes at the same time do not meet", async () => {
  const path = join(folder, "notes");
  await Promise.all(["a", "b", "c"].map((letter) => writeFileAtomically(path, text(letter.repeat(1000)))));
  expect(await readFile(path, "utf8")).toMatch(/^(a{1000}|b{1000}|c{1000})$/);
  expect(await readdir(folder)).toEqual(["notes"]);
});

test("a temporary file that a killed process left behind is passed by", async () => {
  const path = join(folder, "notes");
  await writeFileAtomically(path, text("one"));
  for (let n = 0; n < 50; n++) await writeFile(join(folder, `.notes.${process.pid}-${n}.tmp`), "left");
  await writeFileAtomically(path, text("two"));
  expect(await readFile(path, "utf8")).toBe("two");
  expect(await readdir(folder)).toHaveLength(51);
});
