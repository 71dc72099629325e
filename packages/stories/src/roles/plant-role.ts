import { withArticle } from "../grammar/article.ts";
import type { Role } from "../grammar/role.ts";
import type { Plant } from "../words/plants.ts";

export function plantRole({ noun, look, gives }: Plant): Role {
  return { forms: { new: withArticle(`${look} ${noun}`), gives }, traits: [] };
}
