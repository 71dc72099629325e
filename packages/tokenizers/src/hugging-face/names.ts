import { ConfigError } from "@tenon/tensor";
import type { AddedToken } from "./frame/added-tokens.ts";
import type { TokenIds } from "./model/vocabulary.ts";

/** All tokens of a tokenizer, those of the model and the added ones, by id and by name. */
export class Names {
  readonly size: number;
  readonly #names = new Map<number, string>();
  readonly #ids = new Map<string, number>();
  readonly #special = new Set<number>();

  constructor(ids: TokenIds, added: readonly AddedToken[]) {
    for (const [token, id] of ids) this.#set(token, id);
    for (const { content, id, special } of added) {
      this.#set(content, id);
      if (special) this.#special.add(id);
    }
    let size = 0;
    for (const id of this.#names.keys()) size = Math.max(size, id + 1);
    this.size = size;
  }

  #set(token: string, id: number): void {
    this.#names.set(id, token);
    this.#ids.set(token, id);
  }

  token(id: number): string {
    const token = this.#names.get(id);
    if (token !== undefined) return token;
    const why =
      Number.isInteger(id) && id >= 0 && id < this.size
        ? "tokenizer.json gives this id to no token"
        : `ids run from 0 to ${this.size - 1}`;
    throw new ConfigError(`no token has the id ${id}; ${why}`, { id, size: this.size });
  }

  has(id: number): boolean {
    return this.#names.has(id);
  }

  id(token: string): number | undefined {
    return this.#ids.get(token);
  }

  isSpecial(id: number): boolean {
    return this.#special.has(id);
  }
}
