// Removes `dist` of the package it runs in: tsc never deletes, so a renamed source would leave its old output behind to be published.
import { rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
