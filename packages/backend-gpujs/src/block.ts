/** A tensor on the device: what gpu.js calls its array, texture or buffer. Without one where there are no elements. */
export interface Block {
  readonly handle: object | undefined;
}

/** No elements at all. A new one each time: every tensor owns its storage. */
export const emptyBlock = (): Block => ({ handle: undefined });
