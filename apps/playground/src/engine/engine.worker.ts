import { serve } from "../workers/serve.ts";
import { Turns } from "../workers/turns.ts";
import { Comparison } from "./comparison.ts";
import type { EngineApi } from "./engine-api.ts";
import { Inspection } from "./inspection/inspection.ts";
import { Models } from "./models.ts";
import { Running } from "./running.ts";
import { Surveys } from "./surveys.ts";
import { Filling } from "./text/filling.ts";
import { Generation } from "./text/generation.ts";
import { Similarity } from "./text/similarity.ts";

const turns = new Turns();
const models = new Models(turns);
const running = new Running(turns, (error) => models.explain(error));
const api: EngineApi = {
  models,
  running,
  generation: new Generation(models, running),
  filling: new Filling(models, running),
  similarity: new Similarity(models, running),
  comparison: new Comparison(models, running),
  surveys: new Surveys(),
  inspection: new Inspection(turns, models),
};
serve(api);
