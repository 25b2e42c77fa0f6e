import { chooseEngine } from "../../../../src/local/engines/choose-engine";
import { DockerEngine } from "../../../../src/local/engines/docker-engine";
import { EngineError } from "../../../../src/local/engines/engine";
import { ProcessEngine } from "../../../../src/local/engines/process-engine";

const OPTIONS = { executionId: "run-1", folder: "/" };
const found = async () => ({ version: "28.2.2", vcpus: 2, hasGpus: true });
const none = async () => ({ whyNot: "it sleeps" });

test("Docker is used where an engine answers", async () => {
  for (const wanted of ["auto", "docker"] as const) {
    const { engine, hasGpus, notice } = await chooseEngine(wanted, OPTIONS, found);
    expect(engine).toBeInstanceOf(DockerEngine);
    expect(hasGpus).toBe(true);
    expect(notice).toBeNull();
  }
});

test("processes are used without a look for Docker when they are asked for", async () => {
  const find = jest.fn(found);
  const { engine, notice } = await chooseEngine("process", OPTIONS, find);
  expect(engine).toBeInstanceOf(ProcessEngine);
  expect(notice).toBeNull();
  expect(find).not.toHaveBeenCalled();
});

test("processes are used where no engine answers, and that is said", async () => {
  const { engine, notice } = await chooseEngine("auto", OPTIONS, none);
  expect(engine).toBeInstanceOf(ProcessEngine);
  expect(notice).toBe("no Docker engine answers (it sleeps): the jobs run as plain processes on this machine");
});

test("Docker that is asked for and does not answer is an error", async () => {
  await expect(chooseEngine("docker", OPTIONS, none)).rejects.toThrow(
    new EngineError("no Docker engine answers: it sleeps; start one, or use --engine process"),
  );
});
