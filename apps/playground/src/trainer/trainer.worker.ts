import { serve } from "../workers/serve.ts";
import { Trainer } from "./trainer.ts";
import type { TrainerApi } from "./trainer-api.ts";

const api: TrainerApi = { trainer: new Trainer() };
serve(api);
