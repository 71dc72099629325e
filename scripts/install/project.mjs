// A folder as a user begins one: empty, outside of the workspace, with a package manager to install into it.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** After that a program hangs, in ms. */
const patience = 300_000;

/** Runs a program to its end; gives what it printed. Throws with its last words when it fails. */
export function run(program, args, { cwd, env = outside(), shell = false }) {
  return new Promise((resolve, reject) => {
    const options = { cwd, env, encoding: "utf8", maxBuffer: 1 << 26, timeout: patience, shell };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const said = [stdout, stderr].join("\n").trim().split("\n").slice(-30).join("\n");
      reject(new Error(`${[program, ...args].join(" ")} failed (${error.code ?? error.signal}):\n${said}`));
    });
  });
}

/** The environment without what npm, pnpm and the workspace's own tools put into it. */
export function outside(more = {}) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|node_options$|node_path$|vitest|init_cwd$|force_color$)/i.test(name),
  );
  const env = Object.fromEntries(kept);
  const path = Object.keys(env).find((name) => name.toUpperCase() === "PATH");
  const folders = env[path].split(delimiter).filter((folder) => !/node_modules[\\/]\.bin[\\/]?$/.test(folder));
  return { ...env, [path]: folders.join(delimiter), NO_COLOR: "1", ...more };
}

/** Where deno keeps what it gets. */
export const denoHome = (work) => ({ DENO_DIR: join(work, "deno-home") });

/** Makes the folder with a package.json, and with these files. */
export function makeProject(folder, registry, files = {}) {
  const manifest = { name: "somebody", private: true, type: "module" };
  const all = { "package.json": JSON.stringify(manifest), ".npmrc": `registry=${registry}\n`, ...files };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/**
 * The package managers: each installs packages into a project. What they cache goes into a folder of the test's own, so that nothing comes
 * from elsewhere, and nothing is left behind.
 */
export function packageManagers({ work, registry, pnpmVersion, bun, deno }) {
  const env = (more) => outside({ npm_config_registry: registry, ...more });
  const windows = process.platform === "win32";
  return {
    npm: (cwd, what) =>
      run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...what], {
        cwd,
        env: env({ npm_config_cache: join(work, "npm") }),
        shell: windows,
      }),
    pnpm: (cwd, what) => {
      const homes = ["XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"].map((name) => [name, join(work, "pnpm")]);
      return run("npx", ["--prefer-offline", "--yes", pnpmVersion, "add", ...what], {
        cwd,
        env: { ...outside(), ...Object.fromEntries(homes) },
        shell: windows,
      });
    },
    bun: (cwd, what) => run(bun, ["add", ...what], { cwd, env: env({ BUN_INSTALL_CACHE_DIR: join(work, "bun") }) }),
    deno: (cwd, what) =>
      run(deno, ["add", ...what.map((name) => `npm:${name}`)], {
        cwd,
        env: env({ ...denoHome(work), NPM_CONFIG_REGISTRY: registry }),
      }),
  };
}
