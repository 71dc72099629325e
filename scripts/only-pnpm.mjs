// Runs after an install of the root. `npm install`, typed by habit, brings the root's tools but links no package: say what does, and
// let the next command install properly.
import { fileURLToPath } from "node:url";

import { forgetInstall } from "./installed.mjs";

if (!process.env.npm_config_user_agent?.startsWith("pnpm/")) {
  forgetInstall(fileURLToPath(new URL("..", import.meta.url)));
  console.log(
    "\nTenon's packages are linked by pnpm. There is nothing to undo: `npm start` and `npm test` set everything up by themselves.\n",
  );
}
