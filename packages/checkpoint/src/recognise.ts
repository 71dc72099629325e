interface Kind {
  readonly start: string;
  readonly what: string;
  readonly remedy: string;
}

const convert = "Convert it to safetensors with the tool that wrote it.";
const kinds: readonly Kind[] = [
  {
    start: "version https://git-lfs",
    what: "a Git LFS pointer, a note that stands where the weights should be",
    remedy: 'Fetch the real file with "git lfs pull", or download it from the model\'s page.',
  },
  {
    start: "<!doctype html",
    what: "a web page",
    remedy: "The download gave an error or a login page: download the file itself.",
  },
  {
    start: "<html",
    what: "a web page",
    remedy: "The download gave an error or a login page: download the file itself.",
  },
  { start: "{", what: "JSON text", remedy: "Give the .safetensors file, not its config or index." },
  { start: "PK\x03\x04", what: "a ZIP archive, perhaps a PyTorch checkpoint", remedy: convert },
  { start: "\x80\x02", what: "a Python pickle, perhaps a PyTorch checkpoint", remedy: convert },
  { start: "\x80\x03", what: "a Python pickle", remedy: convert },
  { start: "\x80\x04", what: "a Python pickle", remedy: convert },
  { start: "\x80\x05", what: "a Python pickle", remedy: convert },
  { start: "GGUF", what: "a GGUF model", remedy: "Open it with openGguf()." },
  { start: "\x93NUMPY", what: "a NumPy array", remedy: convert },
  { start: "\x89HDF", what: "an HDF5 file", remedy: convert },
  { start: "\x1f\x8b", what: "a gzip archive", remedy: "Unpack it first." },
];

/** How many bytes {@link recognise} looks at. */
export const recognisable = 32;

/** What bytes that are not safetensors look like: the usual ones that are given by mistake. */
export function recognise(bytes: Uint8Array): Pick<Kind, "what" | "remedy"> | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, recognisable)).toLowerCase();
  return kinds.find((kind) => start.startsWith(kind.start.toLowerCase()));
}
