/** The pronouns of one gender, named by the masculine form that a template writes: `{hero.he}`, `{hero.him}` … */
export interface Pronouns {
  readonly he: string;
  readonly him: string;
  readonly his: string;
  readonly himself: string;
}

export type Gender = "she" | "he";

export const pronouns: Readonly<Record<Gender, Pronouns>> = {
  she: { he: "she", him: "her", his: "her", himself: "herself" },
  he: { he: "he", him: "him", his: "his", himself: "himself" },
};
