// A registry of npm packages for tests: gives out packed tarballs, and sends every other question on to the registry that npm is set up with.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

/** Old enough for whoever installs nothing that was published lately. */
const published = "2020-01-01T00:00:00.000Z";

/** Serves packages, `{ bytes, manifest }` each; several versions of one may be among them. `upstream` is asked for all others, if given. */
export async function startRegistry(packed, upstream) {
  const tarballs = new Map(packed.map((one) => [tarballPath(one.manifest), one.bytes]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const versions = packed.filter(({ manifest }) => path === `/${manifest.name}`);
    if (tarballs.has(path)) {
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(tarballs.get(path));
    } else if (versions.length > 0) {
      const headers = { "content-type": "application/json", "cache-control": "no-store" };
      response.writeHead(200, headers).end(JSON.stringify(describe(versions, `http://${request.headers.host}`)));
    } else if (upstream !== undefined) {
      response.writeHead(302, { location: upstream + request.url }).end();
    } else {
      response.writeHead(404, { "content-type": "application/json" }).end(`{"error":"not found"}`);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

const tarballPath = ({ name, version }) => `/-/tarballs/${name.replace("/", "-")}-${version}.tgz`;

/** What a registry says of a package; the last version counts as the newest. */
function describe(versions, address) {
  const { name, version } = versions.at(-1).manifest;
  const times = { created: published, modified: published };
  const all = {};
  for (const { manifest, bytes } of versions) {
    const hash = (kind, encoding) => createHash(kind).update(bytes).digest(encoding);
    const dist = {
      tarball: address + tarballPath(manifest),
      integrity: `sha512-${hash("sha512", "base64")}`,
      shasum: hash("sha1", "hex"),
    };
    all[manifest.version] = { ...manifest, _id: `${name}@${manifest.version}`, dist };
    times[manifest.version] = published;
  }
  return { name, "dist-tags": { latest: version }, versions: all, time: times };
}
