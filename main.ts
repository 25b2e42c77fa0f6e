import { App, type AppConfig } from "cdktf";
import { runScript } from "./src/base/errors";
import { writingTo } from "./src/base/output-file";
import { loadSettings } from "./src/project/load-settings";
import type { Settings } from "./src/project/settings-types";
import { forgetOtherEnvironments } from "./src/terraform/backend-memory";
import { ImageStack } from "./stacks/image-stack";
import { WorkflowStack } from "./stacks/workflow-stack";

/** The two stacks; the workflow is deployed after the images. */
export function compose(settings: Settings, config?: AppConfig): App {
  // Stack traces would put paths of this machine into the Terraform JSON.
  const app = new App({ stackTraces: false, ...config });
  const image = new ImageStack(app, "image", settings);
  const workflow = new WorkflowStack(app, "workflow", settings);
  workflow.addDependency(image);
  return app;
}

if (require.main === module) {
  // Of an error that is thrown on, the cdktf CLI prints thirty lines, twice.
  const synth = () => {
    const app = compose(loadSettings(process.env));
    writingTo(app.outdir, () => app.synth());
    forgetOtherEnvironments(app.outdir);
  };
  void runScript(synth, { exitCode: 1 });
}
