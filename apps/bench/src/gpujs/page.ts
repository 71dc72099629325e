// Runs in the page: the contest that the address asks for. What happens goes to /report, the outcome last.
import { compete, type Contest, type Outcome } from "./contest.ts";

/** What the page tells. */
export type PageReport = { readonly progress: string } | { readonly outcome: Outcome };

const tell = async (report: PageReport): Promise<void> => {
  await fetch("/report", { method: "POST", body: JSON.stringify(report) });
};
const contest = JSON.parse(new URLSearchParams(location.search).get("contest")!) as Contest;
const outcome = await compete(contest, (progress) => void tell({ progress }));
await tell({ outcome: { ...outcome, ...(outcome.kind === "measured" && { device: await deviceOf(contest) }) } });

/** What the browser calls what computes. */
async function deviceOf({ mode }: Contest): Promise<string> {
  if (mode === "webgpu") {
    const adapter = await navigator.gpu.requestAdapter();
    const { vendor, architecture, description } = adapter!.info;
    return [vendor, architecture, description].filter((text) => text !== "").join(" ");
  }
  const gl = document.createElement("canvas").getContext("webgl2")!;
  return String(gl.getParameter(gl.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}
