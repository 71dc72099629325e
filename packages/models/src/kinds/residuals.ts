import { PostNorm, PreNorm } from "@tenon/blocks";
import { z } from "zod";

import { aroundEach } from "./around-each.ts";
import type { Kind } from "./kind.ts";

/** `finalNorm`: is the stream normalised once more after the last block? A pre-norm stream never was, so it is unless told. */
export const preNorm: Kind<"residual", { kind: "pre-norm"; finalNorm: boolean }> = {
  options: z.strictObject({ kind: z.literal("pre-norm"), finalNorm: z.boolean().default(true) }),
  build: (_, { sublayers, norm, dropout }) =>
    aroundEach(sublayers, (place) => new PreNorm({ norm: norm(place), dropout })),
};

/** A post-norm stream leaves each block normalised, so it is not normalised again unless told. */
export const postNorm: Kind<"residual", { kind: "post-norm"; finalNorm: boolean }> = {
  options: z.strictObject({ kind: z.literal("post-norm"), finalNorm: z.boolean().default(false) }),
  build: (_, { sublayers, norm, dropout }) =>
    aroundEach(sublayers, (place) => new PostNorm({ norm: norm(place), dropout })),
};
