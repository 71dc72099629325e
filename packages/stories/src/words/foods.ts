/** Something to eat: counted (`four nuts`) or measured (`a jar of honey`). */
export type Food =
  | { readonly one: string; readonly many: string }
  | { readonly mass: string; readonly measure: string };

export type FoodName = "apple" | "berry" | "carrot" | "cake" | "cookie" | "nut" | "honey" | "cheese" | "bread";

export const foods: Readonly<Record<FoodName, Food>> = {
  apple: { one: "apple", many: "apples" },
  berry: { one: "berry", many: "berries" },
  carrot: { one: "carrot", many: "carrots" },
  cake: { one: "cake", many: "cakes" },
  cookie: { one: "cookie", many: "cookies" },
  nut: { one: "nut", many: "nuts" },
  honey: { mass: "honey", measure: "jar" },
  cheese: { mass: "cheese", measure: "piece" },
  bread: { mass: "bread", measure: "piece" },
};

/** How many there are, and how many each of two friends gets. */
export interface Share {
  readonly all: string;
  readonly half: string;
  readonly each: number;
}

export const shares: readonly Share[] = [
  { all: "two", half: "one", each: 1 },
  { all: "four", half: "two", each: 2 },
  { all: "six", half: "three", each: 3 },
];
