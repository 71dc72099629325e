import { FileUp, FolderUp } from "lucide-preact";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { attempt } from "../problems/problem.ts";
import { droppedEntries } from "./dropped-entries.ts";

/** A place to drop files or a folder on, or to choose them by. */
export function FileDrop({
  what,
  accept,
  onFiles,
}: {
  /** What is wanted: "A model's file or folder". */
  readonly what: string;
  /** Of which kinds, as an `<input>` takes it. */
  readonly accept?: string;
  readonly onFiles: (files: readonly File[]) => void;
}): JSX.Element {
  const [over, setOver] = useState(false);
  const [files, folder] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const take = (chosen: readonly File[]): void => {
    if (chosen.length > 0) onFiles(chosen);
  };
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setOver(false);
    const dropped = await attempt("What was dropped could not be read", () => droppedEntries(event.dataTransfer));
    if (dropped !== undefined) take(dropped);
  };
  const chosen = ({ currentTarget }: JSX.TargetedEvent<HTMLInputElement>): void => {
    take([...(currentTarget.files ?? [])]);
    currentTarget.value = ""; // so that the same can be chosen again
  };
  return (
    <div
      class={`file-drop${over ? " over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <span>{what}: drop it here, or choose</span>
      <button type="button" class="button" onClick={() => files.current!.click()}>
        <FileUp size={16} aria-hidden="true" /> files
      </button>
      <button type="button" class="button" onClick={() => folder.current!.click()}>
        <FolderUp size={16} aria-hidden="true" /> a folder
      </button>
      <input ref={files} type="file" multiple hidden accept={accept} onChange={chosen} />
      <input ref={folder} type="file" hidden onChange={chosen} {...{ webkitdirectory: true }} />
    </div>
  );
}
