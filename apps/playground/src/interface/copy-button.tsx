import { Check, Copy, type LucideIcon } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { attempt } from "../problems/problem.ts";

/** Copies a text, and says so. */
export function CopyButton({
  text,
  title = "Copy",
  Icon = Copy,
}: {
  readonly text: string | (() => string | Promise<string>);
  readonly title?: string;
  readonly Icon?: LucideIcon;
}): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    const done = await attempt("The text could not be copied", async () => {
      await toClipboard(typeof text === "string" ? text : await text());
      return true;
    });
    if (done !== true) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      {copied ? <Check size={16} aria-hidden="true" /> : <Icon size={16} aria-hidden="true" />}
      <span aria-live="polite">{copied ? "Copied" : title}</span>
    </button>
  );
}

async function toClipboard(text: string): Promise<void> {
  // Over plain http a page has no clipboard, whatever the types say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard === undefined) throw new Error("no clipboard");
    await clipboard.writeText(text);
  } catch (cause) {
    throw new Error("The browser does not let this page write to the clipboard. Mark the text, and copy it by hand.", {
      cause,
    });
  }
}
