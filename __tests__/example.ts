/** The example workflow of the tests. The tests do not depend on the user's own workflow. */
import { loadSettings } from "../src/project/load-settings";
import type { Settings } from "../src/project/settings-types";

export const DOCUMENT = "scripts/demo/echo.asl.json";
export const IMAGE = "scripts/demo/image";

/** The context that its cdktf.json would contain. */
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

/** Returns its settings. `environment` overrides some of them. */
export function exampleSettings(environment: NodeJS.ProcessEnv = {}): Settings {
  return loadSettings(environment, CONTEXT);
}
