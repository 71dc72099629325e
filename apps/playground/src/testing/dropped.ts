import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A small folder in the layout of Hugging Face, or a file, from the tests of @tenon/pretrained. */
export const golden = (name: string): string =>
  fileURLToPath(new URL(`../../../../packages/pretrained/goldens/${name}`, import.meta.url));

/** A file as somebody would drop it, alone or within a folder. */
export function dropped(path: string, content: Uint8Array<ArrayBuffer> | string): File {
  const file = new File([content], path.split("/").at(-1)!);
  if (path.includes("/")) Object.defineProperty(file, "webkitRelativePath", { value: path });
  return file;
}

/** All files of a folder, as a page has them, with more beside them or in their place. */
export async function droppedFolder(folder: string, more: Readonly<Record<string, string>> = {}): Promise<File[]> {
  const name = folder.split("/").at(-1)!;
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile() && more[entry.name] === undefined);
  return [
    ...(await Promise.all(
      files.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return dropped(`${name}${path.slice(folder.length)}`, new Uint8Array(await readFile(path)));
      }),
    )),
    ...Object.entries(more).map(([path, content]) => dropped(`${name}/${path}`, content)),
  ];
}

/** A tokenizer.json that knows these words, after `</s>` and `<unk>`. */
export function wordsFile(words: readonly string[]): string {
  const special = ["</s>", "<unk>"];
  return JSON.stringify({
    version: "1.0",
    added_tokens: special.map((content, id) => ({ id, content, special: true, normalized: false })),
    pre_tokenizer: { type: "Whitespace" },
    post_processor: {
      type: "TemplateProcessing",
      single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "</s>", type_id: 0 } }],
      pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
      special_tokens: { "</s>": { id: "</s>", ids: [0], tokens: ["</s>"] } },
    },
    model: {
      type: "WordLevel",
      vocab: Object.fromEntries([...special, ...words].map((word, id) => [word, id])),
      unk_token: "<unk>",
    },
  });
}
