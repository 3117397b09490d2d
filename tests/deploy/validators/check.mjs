// Validates custom resources, a JSON array on standard input, against their schemas; prints a line a fault.
// An unknown kind is a fault too: what nobody checked must not pass.
import { readFileSync } from "node:fs";
import * as keda from "@kubernetes-models/keda/keda.sh/v1alpha1";
import * as monitoring from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";

const kinds = { ...monitoring, ...keda };
const manifests = JSON.parse(readFileSync(0, "utf8"));
let faults = 0;
for (const manifest of manifests) {
  const name = `${manifest.kind} ${manifest.metadata?.name}`;
  try {
    new kinds[manifest.kind](manifest).validate();
    console.log(`ok ${name}`);
  } catch (error) {
    faults += 1;
    console.log(`fault ${name}: ${error.message}`);
  }
}
process.exit(faults ? 1 : 0);
