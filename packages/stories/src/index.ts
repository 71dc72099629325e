export { stories, story } from "./stories.ts";
