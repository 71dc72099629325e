// What must hold of a packed package beside what publint and are-the-types-wrong look for. Each check returns its violations, one sentence each.
import { posix } from "node:path";

/** `packed` is one of what packAll gives; `shared` has the text of the `licence` and the `manifest` of the repository. */
export function checkPackage(packed, shared) {
  return [
    ...checkReadme(packed),
    ...checkLicence(packed, shared),
    ...checkManifest(packed, shared),
    ...checkTargets(packed),
    ...checkFiles(packed),
    ...checkSourceMaps(packed),
  ];
}

function checkReadme({ files, name }) {
  const text = files.get("README.md")?.toString();
  if (text === undefined) return ["it has no README.md."];
  const [title, ...rest] = text.split("\n");
  const firstFence = rest.findIndex((line) => line.startsWith("```"));
  const purpose = rest.slice(0, firstFence === -1 ? undefined : firstFence).some((line) => /^[^#\s]/.test(line));
  const installs = [...text.matchAll(/^npm install (.+)$/gm)].some(([, what]) => what.split(" ").includes(name));
  return [
    ...(title === `# ${name}` ? [] : [`README.md begins with "${title}", not with "# ${name}".`]),
    ...(purpose ? [] : ["README.md does not say what the package is for before its first block of code."]),
    ...(installs ? [] : [`README.md has no line \`npm install … ${name}\`.`]),
    ...missingFrom(text, name),
    ...(/^```ts$/m.test(text) ? [] : ["README.md has no example: a block of ```ts."]),
  ];
}

/** What the first example imports has to be installed by then: pnpm lets nobody import what they did not ask for. */
function missingFrom(text, name) {
  const installed = /^npm install (.+)$/m.exec(text)?.[1].split(" ") ?? [];
  const [first] = /^```ts\n[^]*?^```$/m.exec(text) ?? [""];
  const imported = [...first.matchAll(/\bfrom "(@[\w-]+\/[\w-]+|[\w.-]+)/g)].map(([, specifier]) => specifier);
  return [...new Set(imported)]
    .filter((specifier) => specifier !== name && !installed.includes(specifier) && !specifier.startsWith("node:"))
    .map(
      (specifier) => `README.md's first example imports ${specifier}, which its line \`npm install\` does not name.`,
    );
}

function checkLicence({ files, manifest }, { licence, manifest: root }) {
  const text = files.get("LICENSE")?.toString();
  return [
    ...(text === undefined ? ["it has no LICENSE."] : []),
    ...(text === undefined || text === licence ? [] : ["its LICENSE is not that of the repository."]),
    ...(manifest.license === root.license
      ? []
      : [`package.json says license ${manifest.license}, not ${root.license}.`]),
  ];
}

function checkManifest({ manifest }, { manifest: root }) {
  const text = JSON.stringify(manifest);
  const said = ["description", "keywords", "engines"].filter((key) => manifest[key] === undefined);
  // Where the repository has a home, each package says so.
  const homes = ["repository", "homepage", "bugs"].filter(
    (key) => root[key] !== undefined && manifest[key] === undefined,
  );
  return [
    ...[...said, ...homes].map((key) => `package.json has no "${key}".`),
    ...(hasNoSideEffects(manifest) ? [] : ['package.json does not say "sideEffects": false, or list workers alone.']),
    ...(manifest.type === "module" ? [] : ['package.json does not say "type": "module".']),
    ...(manifest.publishConfig?.access === "public"
      ? []
      : ['package.json has no publishConfig with "access": "public".']),
    ...(text.includes("@tenon/source") ? ["package.json still has the condition @tenon/source."] : []),
    ...(text.includes('"workspace:') ? ["package.json still has a version that begins with workspace:."] : []),
  ];
}

// A worker's file runs for what it does; a bundler must not take it for unused.
const hasNoSideEffects = ({ sideEffects }) =>
  sideEffects === false || (Array.isArray(sideEffects) && sideEffects.every((path) => path.includes("worker")));

function checkTargets({ manifest, files }) {
  const problems = [];
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    if (entry === "./package.json") continue;
    if (Object.keys(target)[0] !== "types")
      problems.push(`exports "${entry}" does not begin with the condition "types".`);
    if (target.default === undefined) problems.push(`exports "${entry}" has no condition "default".`);
  }
  if (manifest.exports?.["."] === undefined) problems.push('exports has no ".".');
  if (manifest.exports?.["./package.json"] !== "./package.json") problems.push('exports has no "./package.json".');
  for (const path of leaves([manifest.exports, manifest.imports, manifest.bin]))
    if (!files.has(posix.normalize(path))) problems.push(`package.json names ${path}, which is not in the tarball.`);
  for (const path of leaves([manifest.bin]))
    if (files.get(posix.normalize(path))?.toString("utf8", 0, 2) !== "#!")
      problems.push(`${path} is a command without #! in its first line.`);
  return problems;
}

function leaves(value) {
  if (typeof value === "string") return [value];
  return Object.values(value ?? {}).flatMap(leaves);
}

function checkFiles({ files }) {
  const unwanted =
    /\.(test|browser|bench)\.|^(src\/)?goldens\/|(^|\/)(node_modules|coverage|test)\/|\.tsbuildinfo$|\.tgz$|(^|\/)\.|^tsconfig/;
  return [...files.keys()].filter((path) => unwanted.test(path)).map((path) => `${path} should not be in the tarball.`);
}

function checkSourceMaps({ files }) {
  return [...files].flatMap(([path, content]) => {
    if (!/^dist\/.*\.(js|d\.ts)$/.test(path)) return [];
    const map = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(
      content.toString("utf8", Math.max(0, content.length - 200)),
    )?.[1];
    const at = map && posix.join(posix.dirname(path), map);
    if (!files.has(at)) return [`${path} has no source map.`];
    const { sources, sourceRoot = "" } = JSON.parse(files.get(at).toString());
    // One that has its sources' text inside still has to name files that are there, or a debugger shows a name that leads nowhere.
    return sources
      .filter((source) => !files.has(posix.join(posix.dirname(at), sourceRoot, source)))
      .map((source) => `${at} names the source ${source}, which is not in the tarball.`);
  });
}
