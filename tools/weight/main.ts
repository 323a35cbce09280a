/** Prints what the built page weighs; exit 1 above a limit of `weigh.ts`. */
import { readWords, runCommand } from "../options.ts";
import { weighPage, weightLimits } from "./weigh.ts";

process.exitCode = await runCommand({
  name: "weight",
  usage: "usage: node tools/run.mjs tools/weight/main.ts",
  read: (words) => readWords(words),
  run: tellWeight,
});

function tellWeight(): number {
  const weight = weighPage("dist/page");
  const { firstPaintKb, allRatchetKb } = weightLimits;
  for (const { file, kb, when } of weight.parts) {
    console.log(`${kb.toFixed(1).padStart(8)} kB  ${when.padEnd(12)} ${file}`);
  }
  console.log(`first paint ${weight.firstPaintKb.toFixed(1)} kB (limit ${firstPaintKb})`);
  console.log(`all ${weight.allKb.toFixed(1)} kB (for now ${allRatchetKb})`);
  console.log("sessions: npx playwright test weight");
  return weight.firstPaintKb > firstPaintKb || weight.allKb > allRatchetKb ? 1 : 0;
}
