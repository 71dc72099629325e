import { serve } from "../workers/serve.ts";
import { Turns } from "../workers/turns.ts";
import type { EngineApi } from "./engine-api.ts";
import { Models } from "./models.ts";

const turns = new Turns();
const api: EngineApi = { models: new Models(turns) };
serve(api);
