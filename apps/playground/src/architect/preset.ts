import type { Spec } from "@tenon/models";

/** A spec to begin with. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Where it belongs: what trains in this page, or what others have published. */
  readonly group: "small" | "published";
  readonly spec: Spec;
}
