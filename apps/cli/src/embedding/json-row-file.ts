import { open } from "node:fs/promises";

import type { Row, RowFile } from "./row.ts";
import { writeAll } from "./write-all.ts";

/** One JSON object to a line: `{"text": …, "embedding": […]}`. */
export async function jsonRowFile(path: string, resume: boolean): Promise<RowFile> {
  const file = await open(path, resume ? "r+" : "w");
  let rows = 0;
  let end = 0;
  if (resume) {
    let at = 0;
    for await (const piece of file.createReadStream({ autoClose: false, start: 0 })) {
      const bytes = piece as Uint8Array;
      for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) {
        rows++;
        end = at + i + 1;
      }
      at += bytes.length;
    }
    await file.truncate(end);
  }
  return {
    rows,
    async append(added) {
      const bytes = new TextEncoder().encode(added.map(jsonRow).join(""));
      await writeAll(file, bytes, end);
      end += bytes.length;
    },
    async close() {
      await file.sync();
      await file.close();
    },
  };
}

/** A row as its line. Each number has as few digits as tell its f32 apart from its neighbours. */
export function jsonRow({ text, vector }: Row): string {
  return `{"text":${JSON.stringify(text)},"embedding":[${Array.from(vector, shortest).join(",")}]}\n`;
}

function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}
