import { Image as ImageIcon, Shapes } from "lucide-preact";
import { type JSX, render } from "preact";
import { useState } from "preact/hooks";

import { Check } from "../../interface/check.tsx";
import { saveFile } from "../../interface/save-file.ts";
import { attempt } from "../../problems/problem.ts";
import { type Palette, paletteNow, paletteOnWhite } from "./palette.ts";
import { fileNameOf, pngOf, standalone } from "./save-picture.ts";
import "./drawing.css";

/** Saves a drawing as a picture, with its title: as it looks here, or on white. */
export function PictureButtons({
  title,
  draw,
}: {
  readonly title: string;
  /** The drawing as SVG, every colour written out. */
  readonly draw: (palette: Palette) => JSX.Element;
}): JSX.Element {
  const [white, setWhite] = useState(false);
  const drawn = (): string => {
    const colours = white ? paletteOnWhite() : paletteNow();
    const place = document.createElement("div");
    render(draw(colours), place);
    return standalone(place.querySelector("svg")!, title, colours);
  };
  const save = (kind: "png" | "svg"): void =>
    void attempt("The picture could not be saved", async () => {
      const svg = drawn();
      saveFile(
        `${fileNameOf(title)}.${kind}`,
        kind === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await pngOf(svg),
      );
    });
  return (
    <div class="row picture-buttons">
      <Check label="on white" value={white} onChange={setWhite} />
      <button type="button" class="button" onClick={() => save("png")} aria-label={`Save “${title}” as PNG`}>
        <ImageIcon size={16} aria-hidden="true" /> PNG
      </button>
      <button type="button" class="button" onClick={() => save("svg")} aria-label={`Save “${title}” as SVG`}>
        <Shapes size={16} aria-hidden="true" /> SVG
      </button>
    </div>
  );
}
