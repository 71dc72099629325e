import { expose } from "comlink";

import { Trainer } from "./trainer.ts";
import type { TrainerApi } from "./trainer-api.ts";

const api: TrainerApi = { trainer: new Trainer() };
expose(api);
