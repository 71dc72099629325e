// The page only shows. What computes is in a worker, so that the page always answers.
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const [status, digits, answer] = ["status", "digits", "answer"].map((id) => document.getElementById(id));

worker.addEventListener("message", ({ data }) => {
  if ("status" in data) status.textContent = data.status;
  if ("answer" in data) answer.textContent = data.answer;
  if (data.ready) digits.disabled = false;
});
digits.addEventListener("input", () => {
  if (/^\d{4}$/.test(digits.value)) worker.postMessage(digits.value);
});
