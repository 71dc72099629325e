import type { StoredFile } from "@tenon/checkpoint";

/**
 * Where the files of one model are: a folder, the Hub, files that were dropped on a page. Paths are relative, with `/` between folders, such as
 * `1_Pooling/config.json`.
 */
export interface ModelFiles {
  /** What the place is called in messages: the folder's path, the name on the Hub. */
  readonly name: string;
  /**
   * Opens a file; undefined when there is none of this path. Throws `CheckpointError` for a path that leads out of the place, and for a file that is
   * there and cannot be read. Whoever opens it closes it.
   */
  open(path: string): Promise<StoredFile | undefined>;
}
