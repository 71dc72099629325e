import type { Role } from "../grammar/role.ts";
import type { Food, Share } from "../words/foods.ts";

/** A food and how much of it there is: "four nuts" of which "two nuts" are half, or "a jar of honey" and "half of the honey". */
export function foodRole(food: Food, share: Share): Role {
  if ("mass" in food) {
    const { mass, measure } = food;
    return {
      forms: { "": mass, new: `a ${measure} of ${mass}`, half: `half of the ${mass}`, them: "it" },
      traits: ["mass"],
    };
  }
  const { one, many } = food;
  return {
    forms: {
      "": many,
      new: `${share.all} ${many}`,
      half: `${share.half} ${share.each === 1 ? one : many}`,
      rest: share.half,
      them: "them",
    },
    traits: ["counted"],
  };
}
