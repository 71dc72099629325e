/** How many pixels of the picture one of its units becomes. */
const scale = 2;

/** A diagram as PNG, light or dark as the page is. */
export async function pngOf(svg: string): Promise<Blob> {
  const isDark =
    getComputedStyle(document.documentElement).colorScheme === "dark" ||
    (isSystem() && matchMedia("(prefers-color-scheme: dark)").matches);
  // An image of its own knows the system's theme, and not the page's.
  const themed = svg.replace("@media (prefers-color-scheme:dark)", isDark ? "@media all" : "@media not all");
  const url = URL.createObjectURL(new Blob([themed], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth * scale, image.naturalHeight * scale];
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) =>
          blob === null
            ? reject(new Error("The picture is too large for this browser. Save it as SVG."))
            : resolve(blob),
        "image/png",
      ),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

const isSystem = (): boolean => !["light", "dark"].includes(document.documentElement.dataset["theme"] ?? "");
