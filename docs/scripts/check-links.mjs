// Follows every link within the built site: to pages, to places in them, and to what they load. A site in which one leads nowhere is not built.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

/** What is wrong with the links of the site in `dist`, in words, each with the page where it stands. */
export function brokenLinks(dist) {
  const pages = new Map(
    readdirSync(dist, { recursive: true })
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(".html"))
      .map((file) => [file, readFileSync(join(dist, file), "utf8")]),
  );
  const places = new Map([...pages].map(([file, html]) => [file, new Set(attributes(html, "id"))]));
  return [...pages].flatMap(([page, html]) =>
    [...new Set([...attributes(html, "href"), ...attributes(html, "src")])].flatMap((link) => {
      const wrong = problem(link, page);
      return wrong === undefined ? [] : [`${page} links to ${link}: ${wrong}.`];
    }),
  );

  function problem(link, page) {
    const { origin, pathname, hash } = new URL(link, `http://site/${page}`);
    if (origin !== "http://site") return undefined;
    const path = decodeURIComponent(pathname).slice(1);
    const file = [path, `${path}.html`, posix.join(path, "index.html")].find((one) => pages.has(one));
    if (file === undefined)
      return statSync(join(dist, path), { throwIfNoEntry: false })?.isFile() ? undefined : "there is no such page";
    const place = decodeURIComponent(hash).slice(1);
    return place === "" || places.get(file).has(place) ? undefined : "the page has no such place";
  }
}

/** The values of an attribute in a page that was written by a program: in double quotes, with `&` as the one character that is escaped. */
function attributes(html, name) {
  return Array.from(html.matchAll(new RegExp(` ${name}="([^"]*)"`, "g")), ([, value]) =>
    value.replaceAll("&amp;", "&"),
  );
}
