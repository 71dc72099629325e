// Which Markdown files of the repository are pages, and where: the READMEs of packages are the pages about them.

/** The page of a file, both from their roots: `packages/nn/README.md` → `packages/nn.md`; undefined for what is no page. */
export function pageOf(file: string): string | undefined {
  const found = places.find(([pattern]) => pattern.test(file));
  return found && file.replace(...found);
}

const places: readonly (readonly [pattern: RegExp, page: string])[] = [
  [/^docs\/((?!node_modules\/|examples\/|dist\/|\.).*\.md)$/, "$1"],
  [/^packages\/([\w-]+)\/README\.md$/, "packages/$1.md"],
  [/^apps\/([\w-]+)\/README\.md$/, "apps/$1.md"],
  [/^apps\/bench\/src\/(.*)\.md$/, "apps/bench/$1.md"],
  [/^apps\/cli\/(models|experiments)\/([\w-]+)\.md$/, "apps/cli/$1/$2.md"],
  [/^CONTRIBUTING\.md$/, "contributing.md"],
  [/^SECURITY\.md$/, "security.md"],
];

/** The files that are pages, as patterns for what is left out: everything else. */
export const noPages = [
  "**/node_modules/**",
  "**/dist/**",
  "**/CHANGELOG.md",
  "packages/*/api.md",
  "**/goldens/**",
  ".changeset/**",
  "README.md",
  "docs/examples/**",
  "packages/*/*/**",
];
