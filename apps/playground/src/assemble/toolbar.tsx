import { Dumbbell, Link, PenLine, Redo2, Undo2 } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { go } from "../app/route.ts";
import { CopyButton } from "../interface/copy-button.tsx";
import { currentSpec } from "../model/current-spec.ts";
import { openModel } from "../model/session.ts";
import { linkTo } from "./address.ts";
import { currentCheck } from "./state.ts";
import { whyNotHere } from "./why-not-here.ts";

/** What is done with the spec as a whole. */
export function Toolbar(): JSX.Element {
  const checked = currentCheck.value;
  const refused =
    checked?.sound === undefined
      ? "What cannot be assembled can neither be trained nor run."
      : whyNotHere(checked.sound.spec, checked.sound.parameters);
  useEffect(() => {
    addEventListener("keydown", undoByKey);
    return () => removeEventListener("keydown", undoByKey);
  }, []);
  return (
    <div class="toolbar" role="group" aria-label="The model">
      <IconButton title="Undo" disabled={!currentSpec.canUndo.value} onClick={() => currentSpec.undo()} Icon={Undo2} />
      <IconButton title="Redo" disabled={!currentSpec.canRedo.value} onClick={() => currentSpec.redo()} Icon={Redo2} />
      <CopyButton title="Copy link" Icon={Link} text={() => linkTo(currentSpec.spec.value)} />
      <span class="spacer" />
      <button type="button" class="button" disabled={refused !== undefined} title={refused} onClick={run}>
        <PenLine size={16} aria-hidden="true" /> Run it untrained
      </button>
      <button
        type="button"
        class="button primary"
        disabled={refused !== undefined}
        title={refused}
        onClick={() => go("train")}
      >
        <Dumbbell size={16} aria-hidden="true" /> Train it
      </button>
    </div>
  );
}

function run(): void {
  void openModel({ kind: "untrained", spec: currentSpec.spec.value, seed: 1 });
  go("run");
}

function IconButton({
  title,
  disabled,
  onClick,
  Icon,
}: {
  readonly title: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly Icon: typeof Undo2;
}): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={title} title={title} disabled={disabled} onClick={onClick}>
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}

/** Ctrl+Z takes an edit back; in a field for text it is the browser's own. */
function undoByKey(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "z" && !event.shiftKey) currentSpec.undo();
  else currentSpec.redo();
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && target.type !== "checkbox" && target.type !== "radio") ||
  (target instanceof HTMLElement && target.isContentEditable);
