/** All kinds of input. */
import { aws } from "./aws-target";
import { documents } from "./document-target";
import { images } from "./image-target";
import { inputs } from "./input-target";
import { interpreter } from "./interpreter-target";
import { local } from "./local-target";
import { plans } from "./plan-target";
import { schemas } from "./schema-target";
import { settings } from "./settings-target";
import type { Target } from "./target";
import { tests } from "./tests-target";

export const TARGETS: readonly Target[] = [
  documents,
  interpreter,
  local,
  inputs,
  schemas,
  settings,
  images,
  plans,
  aws,
  tests,
];
