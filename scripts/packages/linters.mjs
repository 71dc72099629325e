// What the community's own checks say of a tarball.
import { execFile } from "node:child_process";
import { join } from "node:path";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** publint, for which a suggestion is as bad as an error. */
export async function publintProblems({ bytes, manifest }) {
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, manifest, { color: false }) ?? message.code}`);
}

/** Are the types wrong? Asked for whoever imports ES modules: `require`, and tools from before `exports`, are not served. */
export function typesProblems(root, { path }) {
  const program = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const args = [program, path, "--profile", "esm-only", "--format", "ascii", "--no-color", "--no-emoji"];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { encoding: "utf8" }, (error, stdout, stderr) =>
      resolve(error === null ? [] : [`attw: ${`${stdout}${stderr}`.trim()}`]),
    );
  });
}
