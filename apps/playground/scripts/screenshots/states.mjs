/** The states of the page that are worth a picture: where to go, and what to do there before. */
export const states = {
  assemble: { place: "assemble", prepare: (page) => heading(page, "Assemble") },
  train: { place: "train", prepare: (page) => heading(page, "Train") },
  run: {
    place: "run",
    async prepare(page) {
      await heading(page, "Run");
      await page.getByText("parameters").first().waitFor();
    },
  },
  "look-inside": { place: "look-inside", prepare: (page) => heading(page, "Look inside") },
};

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
