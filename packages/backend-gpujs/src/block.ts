/** A tensor on the device: what gpu.js calls its array, texture or buffer. Without one where there are no elements. */
export interface Block {
  readonly handle: object | undefined;
  /** A variable holds it: arranging it for the kernels may pay. */
  readonly lasting?: boolean;
  /** The other results of the kernel that made it, freed with it. */
  readonly more?: readonly Block[];
  /** What kernels have made of it, by how it is arranged. */
  packed?: Map<string, Block>;
}

/** No elements at all. A new one each time: every tensor owns its storage. */
export const emptyBlock = (): Block => ({ handle: undefined });
