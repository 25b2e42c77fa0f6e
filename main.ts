import { App, type AppConfig } from "cdktf";
import { UsageError } from "./errors";
import { loadSettings, type Settings } from "./settings";
import { forgetOtherEnvironments } from "./stacks/backend-memory";
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
  try {
    const app = compose(loadSettings(process.env));
    app.synth();
    forgetOtherEnvironments(app.outdir);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Thrown on, the cdktf CLI would print it twice, with thirty lines of its own.
    console.error(error.message);
    process.exit(1);
  }
}
