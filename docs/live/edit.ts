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

/** CodeMirror's colours are for white ground; on dark ground each is mixed with white. */
const colours = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ color, ...style }) =>
    color === undefined ? style : { ...style, color: `light-dark(${color}, color-mix(in oklab, ${color} 35%, white))` },
  ),
);

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
        EditorView.contentAttributes.of({ "aria-label": label }),
      ],
    }),
  });
  view.focus();
  return { text: () => view.state.doc.toString(), close: () => view.destroy() };
}
