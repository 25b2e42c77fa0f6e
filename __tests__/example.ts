/** The workflow that the tests run, check and synthesize: one of their own, so that they hold whatever a project does. */
import { loadSettings } from "../src/project/load-settings";
import type { Settings } from "../src/project/settings-types";

export const DOCUMENT = "scripts/demo/echo.asl.json";
export const IMAGE = "scripts/demo/image";

/** What would stand in the context of its cdktf.json. */
export const CONTEXT = {
  document: DOCUMENT,
  jobs: {
    echo: {
      image: IMAGE,
      vcpus: 0.25,
      memoryMiB: 512,
      timeoutSeconds: 3600,
      attempts: 3,
      localCommand: ["/bin/sh", `${IMAGE}/echo.sh`],
    },
  },
};

/** Its settings, some of them given by `environment`. */
export function exampleSettings(environment: NodeJS.ProcessEnv = {}): Settings {
  return loadSettings(environment, CONTEXT);
}
