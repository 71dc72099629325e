export { toTypeScript } from "@tenon/models";
