import { birthday } from "./birthday.ts";
import { blownAway } from "./blown-away.ts";
import { broken } from "./broken.ts";
import { found } from "./found.ts";
import { learn } from "./learn.ts";
import { lost } from "./lost.ts";
import { lostWay } from "./lost-way.ts";
import { newFriend } from "./new-friend.ts";
import { noise } from "./noise.ts";
import type { Plot } from "./plot.ts";
import { race } from "./race.ts";
import { rain } from "./rain.ts";
import { seed } from "./seed.ts";
import { share } from "./share.ts";
import { sick } from "./sick.ts";
import { stuck } from "./stuck.ts";
import { turns } from "./turns.ts";

/** Every plot, each as likely as the others. */
export const plots: readonly Plot[] = [
  birthday,
  blownAway,
  broken,
  found,
  learn,
  lost,
  lostWay,
  newFriend,
  noise,
  race,
  rain,
  seed,
  share,
  sick,
  stuck,
  turns,
];
