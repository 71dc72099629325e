/** The groups whose tests are named for an op: `group/op`, perhaps with more behind. */
export const opGroups = [
  "ops",
  "gradient",
  "second-derivative",
  "fused",
  "kernels",
  "special",
  "large",
  "property",
  "golden",
] as const;

/** The groups about what no single op shows. */
export const otherGroups = [
  "storage",
  "quantised",
  "random",
  "memory",
  "async",
  "errors",
  "decorators",
  "models",
] as const;

/** What the name of a test begins with. */
export type GroupName = (typeof opGroups)[number] | (typeof otherGroups)[number];
