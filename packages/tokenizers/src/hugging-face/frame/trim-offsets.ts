import type { Token } from "./token.ts";

/** A space as byte-level tokens write it, or any space. */
const space = /[\u0120\p{White_Space}]/u;

/**
 * Moves the begin and end of each token past the spaces that it carries, so that it spans its word only. One space at the very start may have
 * been put there by `add_prefix_space`, and then takes no room.
 */
export function trimOffsets(tokens: readonly Token[], prefixSpace: boolean): Token[] {
  return tokens.map((token, index) => {
    const characters = [...token.text];
    const leading = count(characters);
    const trailing = count(characters.reverse());
    if (leading === 0 && trailing === 0) return token;
    let { begin, end } = token;
    const own = (index === 0 || begin === 0) && prefixSpace && leading === 1 ? 0 : leading;
    begin = Math.min(begin + own, end);
    if (end >= trailing) end = Math.max(end - trailing, begin);
    return { ...token, begin, end };
  });
}

function count(characters: readonly string[]): number {
  const first = characters.findIndex((character) => !space.test(character));
  return first < 0 ? characters.length : first;
}
