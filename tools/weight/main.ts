/** Prints what the built page weighs; exit 1 above a limit of the style guide. */
import { weighPage, weightLimits } from "./weigh.ts";

const weight = weighPage("dist/page");
const isHeavy =
  weight.firstPaintKb > weightLimits.firstPaintKb ||
  weight.sandboxKb > weightLimits.sandboxRatchetKb;
if (isHeavy) process.exitCode = 1;
for (const { file, kb, when } of weight.parts) {
  console.log(`${kb.toFixed(1).padStart(8)} kB  ${when.padEnd(12)} ${file}`);
}
console.log(
  `first paint ${weight.firstPaintKb.toFixed(1)} kB (limit ${weightLimits.firstPaintKb})`,
);
console.log(
  `sandbox ${weight.sandboxKb.toFixed(1)} kB (limit ${weightLimits.sandboxKb}, for now ${weightLimits.sandboxRatchetKb})`,
);
