import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { attempt } from "../problems/problem.ts";
import { droppedEntries } from "./dropped-entries.ts";

/** Takes files that are dropped anywhere on the page, but for places of their own, and shows that it would. */
export function PageDrop({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }): JSX.Element | null {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent): void => {
      // It leaves the window, and not one thing in it for another.
      if (relatedTarget === null) setOver(false);
    };
    const drop = async (event: DragEvent): Promise<void> => {
      setOver(false);
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      const files = await attempt("What was dropped could not be read", () => droppedEntries(event.dataTransfer));
      if (files !== undefined && files.length > 0) onFiles(files);
    };
    const dropped = (event: DragEvent): void => void drop(event);
    addEventListener("dragover", drag);
    addEventListener("dragleave", leave);
    addEventListener("drop", dropped);
    return () => {
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", dropped);
    };
  }, [onFiles]);
  return over ? (
    <div class="page-drop" aria-hidden="true">
      Drop the model here
    </div>
  ) : null;
}
