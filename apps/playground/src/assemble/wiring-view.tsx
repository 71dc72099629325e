import { ImageDown, Maximize, Minus, Plus, Shrink } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { saveFile } from "../interface/save-file.ts";
import { attempt } from "../problems/problem.ts";
import { goToPlace } from "./form/opened.ts";
import { labelOf } from "./words.ts";
import { pngOf } from "./png-of.ts";
import { currentDrawing } from "./state.ts";

/** The least and the most that the picture is enlarged. */
const [least, most] = [0.3, 3] as const;

/** How the model is wired, as a picture whose boxes lead to what they are made from. */
export function WiringView({ stale }: { readonly stale: boolean }): JSX.Element {
  const drawing = currentDrawing.value;
  const [zoom, setZoom] = useState<number | "fit">("fit");
  const place = useRef<HTMLDivElement>(null);
  if (drawing === undefined) return <p class="waiting">Drawing …</p>;
  if ("refused" in drawing)
    return <p class="waiting">There is no picture of models of this kind. Costs lists their parts.</p>;
  const { svg } = drawing;
  const by = (factor: number): void => {
    const shown = place.current?.querySelector("svg");
    const now =
      shown === null || shown === undefined ? 1 : shown.getBoundingClientRect().width / shown.viewBox.baseVal.width;
    setZoom(Math.min(most, Math.max(least, (zoom === "fit" ? now : zoom) * factor)));
  };
  return (
    <div class={`wiring${stale ? " stale" : ""}`}>
      <div class="row wiring-tools">
        <Tool title="Zoom in" Icon={Plus} onClick={() => by(1.25)} />
        <Tool title="Zoom out" Icon={Minus} onClick={() => by(0.8)} />
        <Tool title="Fit the width" Icon={Shrink} onClick={() => setZoom("fit")} />
        <Tool title="Full size" Icon={Maximize} onClick={() => setZoom(1)} />
        <span class="spacer" />
        <button
          type="button"
          class="button"
          onClick={() => saveFile("model.svg", new Blob([svg], { type: "image/svg+xml" }))}
        >
          <ImageDown size={16} aria-hidden="true" /> SVG
        </button>
        <button type="button" class="button" onClick={() => void savePng(svg)}>
          <ImageDown size={16} aria-hidden="true" /> PNG
        </button>
      </div>
      <Picture svg={svg} zoom={zoom} place={place} />
    </div>
  );
}

function Tool({
  title,
  Icon,
  onClick,
}: {
  readonly title: string;
  readonly Icon: typeof Plus;
  readonly onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={title} title={title} onClick={onClick}>
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}

async function savePng(svg: string): Promise<void> {
  const png = await attempt("The picture could not be made", () => pngOf(svg));
  if (png !== undefined) saveFile("model.png", png);
}

/** The picture in a box that scrolls. */
function Picture({
  svg,
  zoom,
  place,
}: {
  readonly svg: string;
  readonly zoom: number | "fit";
  readonly place: { readonly current: HTMLDivElement | null };
}): JSX.Element {
  useLayoutEffect(() => {
    const focused = place.current!.querySelector(":focus")?.getAttribute("data-spec");
    // What `diagram` makes is text and shapes, with everything in it escaped.
    place.current!.innerHTML = svg;
    makeButtons(place.current!.querySelector("svg")!, focused ?? undefined);
  }, [svg]);
  useEffect(() => {
    const shown = place.current!.querySelector("svg")!;
    shown.style.width = zoom === "fit" ? "" : `${shown.viewBox.baseVal.width * zoom}px`;
  }, [svg, zoom]);
  useEffect(() => {
    const box = place.current!;
    box.addEventListener("click", openPlace);
    box.addEventListener("keydown", openByKey);
    return () => {
      box.removeEventListener("click", openPlace);
      box.removeEventListener("keydown", openByKey);
    };
  }, []);
  return (
    <div
      class={`picture${zoom === "fit" ? " fit" : ""}`}
      ref={place}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- whoever has no pointer scrolls it by the arrow keys
      tabIndex={0}
      role="region"
      aria-label="How the model is wired"
    />
  );
}

/** Goes to where the box that was clicked is edited. */
function openPlace({ target }: Event): void {
  const box = (target as Element).closest("[data-spec]");
  if (box !== null) goToPlace(box.getAttribute("data-spec")!);
}

function openByKey(event: KeyboardEvent): void {
  if ((event.key !== "Enter" && event.key !== " ") || (event.target as Element).closest("[data-spec]") === null) return;
  event.preventDefault();
  openPlace(event);
}

/** Boxes that say where the spec says what they are become buttons; the picture is then a group and no image. */
function makeButtons(svg: SVGSVGElement, focused: string | undefined): void {
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-labelledby", svg.querySelector("title")!.id);
  svg.setAttribute("aria-describedby", svg.querySelector("desc")!.id);
  for (const box of svg.querySelectorAll<SVGGElement>("[data-spec]")) {
    const at = box.getAttribute("data-spec")!;
    box.setAttribute("role", "button");
    box.setAttribute("tabindex", "0");
    box.setAttribute("aria-description", `Edit: ${at.split(".").map(labelOf).join(", ")}`);
    // Its lines are its name, and would be one word without this.
    for (const line of box.querySelectorAll("text")) line.before(" ");
  }
  if (focused !== undefined) svg.querySelector<SVGGElement>(`[data-spec="${CSS.escape(focused)}"]`)?.focus();
}
