import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageFolderProblem } from "../../../src/base/image-folder";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "image-folder-test-"));
  for (const folder of ["image", "empty", "cdktf.out-not"]) mkdirSync(join(project, folder));
  for (const folder of ["", "image", "cdktf.out-not"]) writeFileSync(join(project, folder, "Dockerfile"), "");
});
afterEach(() => rmSync(project, { recursive: true }));

test.each(["image", "./image/", "cdktf.out-not"])("%s can be built", (image) => {
  expect(imageFolderProblem(project, image)).toBeNull();
});

test.each([
  ["empty", "empty has none"],
  ["nowhere", "nowhere does not exist"],
])("%s cannot: it has no Dockerfile", (image, found) => {
  expect(imageFolderProblem(project, image)).toEqual({
    rule: "a folder with a Dockerfile",
    found,
    fix: "create one, or set the folder that has one",
  });
});

test.each([".", "./", "image/..", "link", "cdktf.out", "state"])("%s cannot: commands write to it", (image) => {
  symlinkSync(".", join(project, "link"));
  if (image === "cdktf.out" || image === "state") {
    mkdirSync(join(project, image));
    writeFileSync(join(project, image, "Dockerfile"), "");
  }
  const generated = image === "state" ? "state" : "cdktf.out";
  expect(imageFolderProblem(project, image)).toEqual({
    rule: "a folder of its own",
    found: `${image} holds ${generated}, which changes often: every synth would create a new image`,
    fix: "move the Dockerfile and its files to a folder such as image",
  });
});

test("a folder above the project cannot, but one beside it can", () => {
  const inner = join(project, "inner");
  mkdirSync(inner);
  expect(imageFolderProblem(inner, "..")).toMatchObject({ rule: "a folder of its own" });
  expect(imageFolderProblem(inner, "../image")).toBeNull();
});
