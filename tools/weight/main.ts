/** Prints what the built page weighs; exit 1 above a limit of `weigh.ts`. */
import { weighPage, weightLimits } from "./weigh.ts";

const weight = weighPage("dist/page");
const { firstPaintKb, allRatchetKb } = weightLimits;
if (weight.firstPaintKb > firstPaintKb || weight.allKb > allRatchetKb) process.exitCode = 1;
for (const { file, kb, when } of weight.parts) {
  console.log(`${kb.toFixed(1).padStart(8)} kB  ${when.padEnd(12)} ${file}`);
}
console.log(`first paint ${weight.firstPaintKb.toFixed(1)} kB (limit ${firstPaintKb})`);
console.log(`all ${weight.allKb.toFixed(1)} kB (for now ${allRatchetKb})`);
console.log("sessions: npx playwright test weight");
