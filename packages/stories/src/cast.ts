import type { Random } from "@tenon/tensor";
import type { Cast } from "./grammar/role.ts";
import type { Needs, Wanted } from "./plots/plot.ts";
import { characterRole } from "./roles/character-role.ts";
import { dayRole } from "./roles/day-role.ts";
import { foodRole } from "./roles/food-role.ts";
import { placeRole, spotRole } from "./roles/place-role.ts";
import { plantRole } from "./roles/plant-role.ts";
import { skillRole } from "./roles/skill-role.ts";
import { thingRole } from "./roles/thing-role.ts";
import { characters, manners } from "./words/characters.ts";
import { foods, shares } from "./words/foods.ts";
import type { KindTrait } from "./words/kinds.ts";
import { places, spots } from "./words/places.ts";
import { plants } from "./words/plants.ts";
import { skills } from "./words/skills.ts";
import { things } from "./words/things.ts";
import { times, weathers } from "./words/weather.ts";

/**
 * Chooses who and what a story is about. Everything is decided here, once, which is what keeps a red ball red.
 *
 * Hero and friend differ in kind and in gender, so that "she" and "the fox" always say who is meant.
 */
export function castFor(needs: Needs, random: Random): Cast {
  const weather = random.pick(needs.weather ? weathers.filter(({ name }) => needs.weather!.includes(name)) : weathers);
  const fitsWeather = (on: { readonly weather?: readonly string[] }): boolean =>
    on.weather?.includes(weather.name) ?? true;
  const place = random.pick(places.filter((it) => fits(it.traits, needs.place) && fitsWeather(it)));
  const thing = random.pick(things.filter((it) => fits(it.traits, needs.thing) && fitsWeather(it)));
  const skill = random.pick(skills);
  const teaches: Wanted<KindTrait> = needs.lesson && skill.teacher ? { with: [skill.teacher] } : {};
  const learns: Wanted<KindTrait> = needs.lesson && skill.notFor ? { without: skill.notFor } : {};

  const hero = random.pick(characters.filter(({ kind }) => fits(kind.traits, needs.hero) && fits(kind.traits, learns)));
  const friend = random.pick(
    characters.filter(
      ({ kind, gender }) =>
        kind !== hero.kind && gender !== hero.gender && fits(kind.traits, needs.friend) && fits(kind.traits, teaches),
    ),
  );
  const [spot, other] = random.shuffle(place.spots);

  return {
    hero: characterRole(hero, random.pick(manners)),
    friend: characterRole(friend, random.pick(manners)),
    thing: thingRole(thing, random.pick(thing.looks)),
    place: placeRole(place),
    spot: spotRole(spots[spot!]),
    other: spotRole(spots[other!]),
    day: dayRole(weather, random.pick(weather.days), random.pick(times)),
    food: foodRole(foods[hero.kind.likes], random.pick(shares)),
    skill: skillRole(skill),
    plant: plantRole(random.pick(plants)),
  };
}

function fits<Trait>(traits: readonly Trait[], wanted: Wanted<Trait> = {}): boolean {
  const has = (trait: Trait): boolean => traits.includes(trait);
  return (wanted.with?.some(has) ?? true) && !(wanted.without?.some(has) ?? false);
}
