import { randomBytes } from "node:crypto";
import { environmentName } from "../../src/project/names";
import { inventory } from "./account";
import { REGION } from "./environment";
import { Project } from "./project";
import { testWith } from "./requirements";

testWith(
  "terraform",
  "deployments",
  "docker",
)("two environments of one checkout stand side by side, and go one by one", async () => {
  const project = new Project();
  const branch = `feature/Add_${randomBytes(4).toString("hex")}`;
  const both = async () => ({
    first: await inventory(project.environment, REGION),
    branch: await inventory(environmentName(branch), REGION),
  });
  try {
    await project.deploy();
    const alone = await both();
    project.set({ environment: branch });
    await project.deploy();
    const together = await both();
    expect(alone.branch).toEqual({});
    expect(together.first).toEqual(alone.first);
    expect(Object.keys(together.branch)).toEqual(Object.keys(together.first));

    project.set({ environment: project.environment });
    await project.deploy();
    expect(await both()).toEqual(together);
    expect(await project.replan()).toBe("");

    await project.destroy();
    expect(await both()).toEqual({ first: {}, branch: together.branch });
    project.set({ environment: branch });
    await project.destroy();
    expect(await both()).toEqual({ first: {}, branch: {} });
  } finally {
    await project.dispose();
  }
});
