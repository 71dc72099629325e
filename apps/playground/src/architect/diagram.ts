export { diagram } from "@tenon/models";
