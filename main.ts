import { App, type AppConfig } from "cdktf";
import { runScript } from "./src/base/errors";
import { writingTo } from "./src/base/output-file";
import { loadSettings } from "./src/project/load-settings";
import { createsDataBucket, DATA_STACK, IMAGE_STACK, WORKFLOW_STACK } from "./src/project/names";
import type { Settings } from "./src/project/settings-types";
import { forgetOtherEnvironments } from "./src/terraform/stack-states";
import { savedOrder } from "./src/terraform/synthesis";
import { DataStack } from "./stacks/data-stack";
import { ImageStack } from "./stacks/image-stack";
import { WorkflowStack } from "./stacks/workflow-stack";

/** The app's configuration. */
export interface ComposeConfig extends AppConfig {
  /** True if Terraform may destroy the bucket for data. Its stack is then there whatever the setting `data` says. @default false */
  readonly destroysData?: boolean;
}

/** Composes the app: a stack for data if the settings ask for one, the images, then the workflow. */
export function compose(settings: Settings, { destroysData = false, ...config }: ComposeConfig = {}): App {
  // Stack traces would put paths of this machine into the Terraform JSON. CDKTF's own validations run a terraform binary.
  const app = new App({ stackTraces: false, skipValidation: true, ...config });
  const data =
    createsDataBucket(settings) || destroysData ? new DataStack(app, DATA_STACK, settings, destroysData) : null;
  const image = new ImageStack(app, IMAGE_STACK, settings);
  const workflow = new WorkflowStack(app, WORKFLOW_STACK, settings);
  if (data !== null && createsDataBucket(settings)) workflow.addDependency(data);
  workflow.addDependency(image);
  return app;
}

if (require.main === module) {
  const [, , file] = process.argv;
  const synth = () => {
    const { settings, ...config } = file === undefined ? { settings: loadSettings(process.env) } : savedOrder(file);
    const app = compose(settings, config);
    writingTo(app.outdir, () => app.synth());
    forgetOtherEnvironments(app.outdir);
  };
  // The cdktf CLI would print thirty lines of an uncaught error, twice.
  void runScript(synth, { exitCode: 2 });
}
