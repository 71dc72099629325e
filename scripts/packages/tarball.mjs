// Reads the tarballs that a registry gives out.
import { gunzipSync, gzipSync } from "node:zlib";

const block = 512;

/** The files in a tarball of npm, by their paths inside the package: `{ "package.json": Buffer, … }` as a Map. */
export function readTarball(bytes) {
  const tar = gunzipSync(bytes);
  const files = new Map();
  for (let at = 0; at + block <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + block);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const type = text(header, 156, 1);
    // A longer path is split in two; longer than both together it would need a record of its own, which is refused below.
    const path = [text(header, 345, 155), text(header, 0, 100)].filter(Boolean).join("/");
    if (type !== "0" && type !== "")
      throw new Error(`the tarball has an entry of type "${type}", ${path}: only files are expected`);
    files.set(path.replace(/^package\//, ""), tar.subarray(at + block, at + block + size));
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}

export const manifestOf = (files) => JSON.parse(files.get("package.json").toString());

function text(header, start, length) {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end === -1 ? length : end).trim();
}

/** A tarball of these files: what {@link readTarball} reads. */
export function writeTarball(files) {
  const parts = [];
  for (const [path, content] of files) {
    const header = Buffer.alloc(block);
    const whole = `package/${path}`;
    // What does not fit into the field of the name is split at a slash.
    const cut = Buffer.byteLength(whole) <= 100 ? -1 : whole.lastIndexOf("/", 154);
    header.write(whole.slice(cut + 1), 0);
    header.write("0000644\0", 100);
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        0", 148); // the sum of the header is made as if its own field were blank
    header.write("ustar\x0000", 257);
    header.write(cut === -1 ? "" : whole.slice(0, cut), 345);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    parts.push(header, content, Buffer.alloc((block - (content.length % block)) % block));
  }
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
}
