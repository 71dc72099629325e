// Two versions of one package in one program, as happens when two others ask for different ones.
import { join } from "node:path";

import { manifestOf, readTarball, writeTarball } from "../packages/tarball.mjs";
import { makeProject, run } from "./project.mjs";
import { startRegistry } from "./registry.mjs";

const later = "9.9.9";

const programs = {
  "two of tensor, side by side": {
    install: ["@tenon/tensor@0", `other@npm:@tenon/tensor@${later}`],
    code: `import * as ours from "@tenon/tensor";
import * as theirs from "other";
for (const { add, cpu, tensor } of [ours, theirs]) console.log(...(await add(tensor([1], [1], cpu()), 1).read()));`,
    says: () => /^2\n2\n$/,
  },
  "two of tensor, mixed": {
    install: ["@tenon/tensor@0", `@tenon/nn@${later}`],
    code: `import { cpu, random } from "@tenon/tensor";
import { Linear } from "@tenon/nn";
await new Linear({ input: 2, output: 1, random: random(1) }).to(cpu());`,
    says: (version) =>
      new RegExp(`BackendError: place\\(\\): two copies of @tenon/tensor meet, ${later} and ${version}\\.`),
  },
  "two of nn, mixed": {
    install: ["@tenon/tensor@0", "@tenon/nn@0", `other@npm:@tenon/nn@${later}-of-one-tensor`],
    code: `import { cpu, random } from "@tenon/tensor";
import { Linear, Module } from "@tenon/nn";
import * as other from "other";
class Model extends Module {
  own = new Linear({ input: 2, output: 1, random: random(1) });
  theirs = new other.Linear({ input: 2, output: 1, random: random(1) });
}
await new Model().to(cpu());`,
    says: (version) =>
      new RegExp(`ConfigError: theirs: two copies of @tenon/nn meet, ${version} and ${later}-of-one-tensor\\.`),
  },
};

/** Installs two versions with npm, and runs programs that must work, or must say what is wrong. */
export async function checkCopies({ report, folder, packed, upstream, managersAt }) {
  const [tensor, nn] = ["tensor", "nn"].map((name) => packed.find((one) => one.name === `@tenon/${name}`));
  const others = [
    asVersion(tensor, later),
    asVersion(nn, later, { "@tenon/tensor": `^${later}` }),
    asVersion(nn, `${later}-of-one-tensor`, nn.manifest.dependencies),
  ];
  const registry = await startRegistry([...others, ...packed], upstream);
  try {
    for (const [what, { install, code, says }] of Object.entries(programs)) {
      await report.check("copies", what, async () => {
        const project = makeProject(join(folder, what.replaceAll(/\W+/g, "-")), registry.url, { "program.mjs": code });
        await managersAt(registry.url).npm(project, install);
        const said = await run(process.execPath, ["program.mjs"], { cwd: project }).catch((error) => error.message);
        if (!says(tensor.version).test(said)) throw new Error(`it says:\n${said}`);
        return said.trim().startsWith("2") ? "works" : "one error names both";
      });
    }
  } finally {
    registry.close();
  }
}

/** The same package under another version, in its manifest and in its code. */
function asVersion({ files, manifest: { version } }, other, dependencies) {
  const changed = new Map(files);
  const manifest = { ...manifestOf(files), version: other, ...(dependencies && { dependencies }) };
  changed.set("package.json", Buffer.from(JSON.stringify(manifest)));
  for (const [path, content] of files) {
    const text = path.endsWith(".js") ? content.toString() : "";
    const where = `version = "${version}"`;
    if (text.includes(where)) changed.set(path, Buffer.from(text.replace(where, `version = "${other}"`)));
  }
  const bytes = writeTarball(changed);
  return { bytes, manifest: manifestOf(readTarball(bytes)) };
}
