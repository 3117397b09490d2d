// Reads the contracts as others do. Given the folder `schemas`: its AsyncAPI document by AsyncAPI's own parser, and
// every example by Ajv against its JSON Schema. Prints a line each; a fault ends it with 1.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const WARNING = 1; // 0 error, 1 warning; what is above is advice
const folder = process.argv[2];
let faults = 0;

const read = (...parts) => readFileSync(join(folder, ...parts), "utf8");
const tell = (isGood, what) => {
  faults += isGood ? 0 : 1;
  console.log(`${isGood ? "ok" : "fault"} ${what}`);
};

const { document, diagnostics } = await new Parser().parse(read("asyncapi.yaml"));
for (const { severity, path, message } of diagnostics) {
  if (severity <= WARNING) tell(false, `asyncapi ${path.join("/")}: ${message}`);
}
const channels = document?.channels().all() ?? [];
tell(channels.length > 0, `asyncapi ${channels.map((channel) => channel.address()).join(" ")}`);

// Strict, but for tuples: pydantic gives their length by minItems and maxItems beside prefixItems, and the length may grow.
const strictness = { strict: true, strictTuples: false, allErrors: true, allowUnionTypes: true };
const ajv = addFormats.default(new Ajv.default(strictness));
ajv.addVocabulary(["x-known-values"]);
for (const topic of readdirSync(join(folder, "examples"))) {
  const validate = ajv.compile(JSON.parse(read("json", `${topic}.json`)));
  for (const file of readdirSync(join(folder, "examples", topic))) {
    const isGood = validate(JSON.parse(read("examples", topic, file)));
    tell(isGood, `${topic}/${file}${isGood ? "" : `: ${ajv.errorsText(validate.errors)}`}`);
  }
}
process.exit(faults ? 1 : 0);
