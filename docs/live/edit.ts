import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  defaultHighlightStyle,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";

/** CodeMirror's colours are for white ground: on the grey of the page each is mixed with black, and with white where the theme is dark. */
const colours = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ color, ...style }) =>
    color === undefined ? style : { ...style, color: `light-dark(${mixed(color, "black")}, ${mixed(color, "white")})` },
  ),
);

function mixed(color: string, other: "black" | "white"): string {
  return `color-mix(in oklab, ${color} ${other === "black" ? 85 : 35}%, ${other})`;
}

/** An editor of TypeScript in place of `parent`'s content; what it gives reads the text. */
export function editor(parent: HTMLElement, text: string, label: string): { text(): string; close(): void } {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        indentOnInput(),
        bracketMatching(),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        // Escape, then Tab, leaves the editor: CodeMirror's own way out for the keyboard.
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      ],
    }),
  });
  view.focus();
  return { text: () => view.state.doc.toString(), close: () => view.destroy() };
}
