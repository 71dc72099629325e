import { describe } from "vitest";

import { makeBadRuns, makeBadSpecs, makeBadTexts } from "../../test/bad-files.ts";
import { inFolderOf, refuses } from "../../test/refuses.ts";

inFolderOf(async (folder) => {
  await makeBadTexts(folder);
  await makeBadSpecs(folder);
  await makeBadRuns(folder);
});

describe("train: the text", () => {
  refuses([
    ["missing", "train --text none.txt", "cannot read none.txt: there is no such file. Check the path."],
    ["empty", "train --text empty.txt", "empty.txt is empty; expected a text. Give a file with something in it."],
    ["binary", "train --text binary.txt", "binary.txt is no text: byte 4 is 0, as in binary files. Give a UTF-8 text."],
    [
      "in another encoding",
      "train --text latin1.txt",
      /^error: latin1\.txt is not UTF-8: byte 3 \(0xE9\) starts no character\. Convert it/,
    ],
    ["a folder", "train --text nothing", "nothing is a folder; expected a text file. Name a file in it."],
    [
      "too short",
      "train --text short.txt",
      "the text is too short for a context of 64: it has 45 tokens, of which the last tenth (5) is held out, and 65 are needed there. Use a longer text, or a context of at most 4 (--context, or --window beside --from).",
    ],
  ]);
});

describe("train: the spec", () => {
  refuses([
    [
      "with what inspect prints around it",
      "train --spec inspected.json",
      'inspected.json holds more than a spec: it looks like what `tenon inspect --json` prints. Save only what stands under its key "spec".',
    ],
    [
      "with an unknown key",
      "train --spec unknown-key.json",
      /^error: unknown-key\.json cannot be assembled: spec\.hieght: there is no such key/,
    ],
    [
      "with heads that do not divide the width",
      "train --spec heads.json",
      /^error: heads\.json cannot be assembled: .*heads.*3.*16|^error: heads\.json cannot be assembled: .*16.*heads.*3/,
    ],
    [
      "that is broken JSON",
      "train --spec broken.json",
      /^error: broken\.json is not valid JSON: .*\. Correct it and try again\.\n$/,
    ],
    ["that is no object", "train --spec list.json", /^error: list\.json holds no spec: expected a JSON object/],
    ["missing", "inspect --spec none.json", "cannot read none.json: there is no such file. Check the path."],
    [
      "for another vocabulary",
      "train --stories 20 --spec vocabulary.json",
      /^error: spec\.vocabulary is 7, but the character tokenizer of this text has \d+ tokens\. Write \d+, or leave the key out\.\n$/,
    ],
    ["by options: heads that do not divide the width", "train --stories 20 --heads 3", /heads/],
  ]);
});

describe("train: options", () => {
  refuses([
    ["a value out of range", "train --dropout 1", '--dropout is a number of at least 0 and below 1, got "1".'],
    [
      "a model beyond all memory",
      "train --stories 20 --width 10000000",
      /^error: training [\d,]+ parameters takes at least \d+ TB of memory, and this machine has .*\. Make the model smaller/,
    ],
    [
      "more stories than fit",
      "train --stories 999999999",
      '--stories is a whole number of at least 1 and at most 200000, got "999999999".',
    ],
    [
      "a text without words for an encoder",
      "train --text marks.txt --model encoder --context 4",
      /^error: an encoder learns from masked words, and the text has none/,
    ],
    [
      "a folder where the model goes",
      "train --stories 20 --context 4 --out occupied --force",
      "occupied/model.safetensors is no file, so it cannot be replaced. Move it away, or choose another folder with --out.",
    ],
    ["no number", "train --steps many", '--steps is a whole number of at least 1, got "many".'],
    [
      "an unknown word",
      "train --tokenizer syllable",
      '--tokenizer is character, byte, word or byte-pairs, got "syllable".',
    ],
    [
      "a warm-up longer than the run",
      "train --steps 10 --warm-up 10",
      "--warm-up is 10, but there are only 10 steps. Use fewer steps of warm-up, or more --steps.",
    ],
    [
      "a spec and sizes",
      "train --spec heads.json --layers 2 --width 8",
      "--spec and --layers and --width contradict each other: the spec says what the model is. Leave one of them out.",
    ],
    [
      "a spec of another kind",
      "train --stories 20 --spec heads.json --model encoder",
      '--model is encoder, but heads.json is the spec of a model of the kind "decoder". Leave one of them out.',
    ],
    [
      "a text and stories",
      "train --text short.txt --stories 5",
      "--text and --stories contradict each other: the text takes the place of the stories. Leave one of them out.",
    ],
    ["a mask rate for a decoder", "train --stories 20 --mask-rate 0.2", /^error: --mask-rate is for encoders/],
    [
      "a run that is resumed with other options",
      "train --resume run --steps 5",
      /^error: --resume and --steps contradict each other: a run goes on with the options that it began with/,
    ],
    [
      "a folder that is a file",
      "train --stories 20 --out short.txt",
      "short.txt is a file; a model is trained into a folder. Choose another name with --out.",
    ],
    [
      "a folder inside of a file",
      "train --stories 20 --context 4 --out short.txt/deeper",
      /^error: cannot use the folder short\.txt\/deeper: .*\. Make it writable, or choose another folder with --out\.\n$/,
    ],
    [
      "a folder with an unfinished run",
      "train --stories 20 --out run",
      /^error: the folder run already has a run that is not finished in it \(checkpoints\)\. Go on with it \(--resume run\), choose another folder with --out, or replace it/,
    ],
  ]);
});

describe("train: the run to resume", () => {
  refuses([
    [
      "its file in place of its folder",
      "train --resume run/model.safetensors",
      "run/model.safetensors is a file; a run is resumed by its folder. Name the folder that it is in.",
    ],
    ["not there", "train --resume nothing", /^error: there is no unfinished run in nothing: it has no checkpoints\./],
    [
      "truncated",
      "train --resume torn-run",
      /^error: none of the 2 checkpoints in torn-run\/checkpoints can be read:\n {2}step-\d{8}\.safetensors is not a safetensors file, or is damaged/,
    ],
    [
      "a model in its place",
      "train --resume model-as-run",
      /^error: none of the 1 checkpoints in model-as-run\/checkpoints can be read:\n {2}step-00000001\.safetensors is no checkpoint of a training run/,
    ],
    [
      "with a text that has changed",
      "train --resume moved-run",
      "FOLDER/short.txt is not the text that the run in moved-run began with: it has changed since. Restore it, or say where it is now with --text.",
    ],
    [
      "of other stories",
      "train --resume other-stories",
      /^error: the stories of this version of Tenon are not those that the run in other-stories began with\./,
    ],
  ]);
});
