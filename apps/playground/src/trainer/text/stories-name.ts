/** So many stories, as `tenon train` calls them. */
export const storiesName = (count: number): string =>
  `${new Intl.NumberFormat("en-US").format(count)} ${count === 1 ? "story" : "stories"}`;
