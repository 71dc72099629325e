// What TypeDoc makes the reference of: one page for each name by which something is imported, all from one program, so that links and types go across.
import { entryPoints } from "./.vitepress/entry-points.ts";
import { reference } from "./scripts/reference.mjs";

export default {
  name: "Reference",
  entryPoints: entryPoints.map(({ source }) => source),
  tsconfig: "tsconfig.reference.json",
  out: "reference",
  plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme", reference],
  treatWarningsAsErrors: true,
  disableSources: true,
  // Members that come from the libraries of JavaScript: those of Error, say.
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  // `npm run typecheck` does that.
  skipErrorChecking: true,
  groupOrder: ["Classes", "Functions", "Constructors", "Properties", "Accessors", "Methods", "*"],
  readme: "none",
  includeVersion: false,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  docsRoot: "..",
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  propertyMembersFormat: "table",
  typeDeclarationFormat: "table",
  enumMembersFormat: "table",
  useCodeBlocks: true,
  // Places of its own beside those that VitePress gives to headings: the two do not count names that come twice alike.
  useHTMLAnchors: true,
  anchorPrefix: "at-",
  outputFileStrategy: "modules",
  entryFileName: "index.md",
  modulesFileName: "index",
  mergeReadme: false,
};
