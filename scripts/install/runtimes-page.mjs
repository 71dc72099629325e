// Writes docs/supported-runtimes.md from what ran.

const titles = {
  runtimes: [
    "Runtimes",
    "The packages as npm installs them, each alone; the first example of each README, which prints what it says.",
  ],
  pages: ["Browsers", "The examples that need no files of a disk, each in a page of its own."],
  types: [
    "TypeScript",
    "A strict project with `skipLibCheck: false` that imports every entry point, once for Node (`nodenext`) and once for a page (`bundler`).",
  ],
  managers: ["Package managers", "Each package alone, by the line of its README, and then together, in empty folders."],
  copies: [
    "Two versions in one program",
    "Two copies of a package work side by side; where they meet, one error names both.",
  ],
  start: [
    "Start in five minutes",
    "The projects of [that page](./start.md), literally: each command in an empty folder, with an empty cache of packages before the first; what took a second or more.",
  ],
};

/** The page, from the rows of a report in which all was right. */
export function runtimesPage(rows, { packages, versions, machine }) {
  const groups = Object.groupBy(rows, ({ group }) => (group in titles ? group : "managers"));
  groups.managers = summarised(groups.managers, versions);
  const sections = Object.entries(titles).map(([group, [title, text]]) => {
    const lines = groups[group].map(({ what, note, seconds }) => [what, note, `${seconds.toFixed(0)} s`]);
    // The first page of the site shows the table of a region.
    const shown = table([["what", "with", "took"], ...lines]);
    return `## ${title}\n\n${text}\n\n<!-- #region ${group} -->\n\n${shown}\n\n<!-- #endregion ${group} -->`;
  });
  return `# Supported runtimes

What this page lists was installed from packed packages, outside of the repository, and ran. \`npm run test:install -- --write\` does that again, and
writes this page when all of it is right. ${packages} packages; ${machine}.

Node 20.19 is the oldest that the packages ask for; the table has the one that ran. They are compiled for ES2023; of browsers, only Chromium is tested. Times
are of one run.

${sections.join("\n\n")}

## What to know

- **TypeScript** needs \`esnext.disposable\` in \`lib\` for \`Symbol.dispose\`, or \`skipLibCheck\`. A project with \`@types/node\`, or with
  \`"target": "esnext"\` and no \`lib\` of its own, has it.
- **Node 20** runs no TypeScript: there the examples ran compiled. It has no relaxed SIMD, so \`@tenon/backend-wasm\` does without.
- **\`require\`**: the packages are ES modules, which Node loads by \`require\`, too. What resolves modules as before \`exports\` does not find them.
- **Without a build**, a page needs an import map for each package that is imported, on the way too. \`gpu.js\` is no ES module and needs a bundler.
- **pnpm** wants to be told about the scripts of what gpu.js brings along, and **deno** does not pass over them: see
  [\`@tenon/backend-gpujs\`](../packages/backend-gpujs/README.md).
`;
}

/** One line for the packages that a manager installed alone, one for all together. */
function summarised(rows, versions) {
  return Object.entries(Object.groupBy(rows, ({ group }) => group)).flatMap(([manager, list]) => {
    const alone = list.filter(({ what }) => what.startsWith("@"));
    const sum = alone.reduce((total, { seconds }) => total + seconds, 0);
    const note = `${manager} ${versions[manager]}`;
    return [
      ...(alone.length > 0 ? [{ what: `${alone.length} packages, each alone`, note, seconds: sum }] : []),
      ...list.filter((row) => !alone.includes(row)).map((row) => ({ ...row, note })),
    ];
  });
}

const table = ([head, ...lines]) =>
  [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
