export { chatPrompt, type ChatMessage, type ChatOptions } from "./chat-prompt.ts";
