import { ConfigError } from "@tenon/tensor";

/**
 * Throws `ConfigError` unless this is the name of a model on the Hub: an owner and a name of letters, digits, `-`, `_` and `.`, by the rules of the
 * Hub, which also keep the two apart in the folder `models--owner--name`.
 */
export function checkRepository(repository: string): void {
  if (isRepository(repository)) return;
  const remedy = /^[\w.-]+$/.test(repository)
    ? "Write its owner too: an older model's owner is shown on its page."
    : "A folder begins with ./ or /.";
  throw new ConfigError(
    `${JSON.stringify(repository)} is no name of a model on the Hub: expected "owner/name", such as "sentence-transformers/all-MiniLM-L6-v2". ${remedy}`,
    { repository, expected: "owner/name" },
  );
}

/** Could this be the name of a model on the Hub? */
export function isRepository(name: string): boolean {
  const parts = name.split("/");
  return (
    parts.length === 2 &&
    parts.every((part) => /^\w(?:[\w.-]*\w)?$/.test(part)) &&
    name.length <= 96 &&
    !/--|\.\.|\.git$/.test(name)
  );
}

/** Throws `ConfigError` unless this can be a branch, a tag or a commit, and so a path below `refs/` of the cache. */
export function checkRevision(revision: string): void {
  if (/^[\w.+-]+(?:\/[\w.+-]+)*$/.test(revision) && !revision.split("/").some((part) => part === "." || part === ".."))
    return;
  throw new ConfigError(
    `revision ${JSON.stringify(revision)} is no name of a branch, a tag or a commit. Leave it out for the newest.`,
    { revision },
  );
}

/** Is this a commit, which never changes, unlike a branch? */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}
