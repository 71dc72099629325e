import type { ModelFiles } from "./model-files.ts";

/** The files of a folder within a place; those of the place itself for "". */
export function within(files: ModelFiles, folder: string): ModelFiles {
  if (folder === "") return files;
  return { name: `${files.name}/${folder}`, open: (path) => files.open(`${folder}/${path}`) };
}
