import { withArticle } from "../grammar/article.ts";
import type { Role } from "../grammar/role.ts";
import type { Weather } from "../words/weather.ts";

/** When the story happens: "sunny morning", "a sunny morning", and what the sky looks like on such a day. */
export function dayRole(weather: Weather, word: string, time: string): Role {
  return {
    forms: { "": `${word} ${time}`, new: withArticle(`${word} ${time}`), sky: weather.sky },
    traits: [weather.name],
  };
}
