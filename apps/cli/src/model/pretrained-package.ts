import type * as PretrainedPackage from "@tenon/pretrained";

/** Loaded when it is needed: most commands go without, and start sooner. */
export const pretrainedPackage = (): Promise<typeof PretrainedPackage> => import("@tenon/pretrained");
